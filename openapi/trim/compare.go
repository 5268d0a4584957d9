package trim

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Stripped gives a copy without prose and without extensions that say nothing of the contract.
func (d *Document) Stripped() *Document {
	out := &Document{name: d.name, root: clone(d.root)}
	out.strip()
	return out
}

// Difference gives the JSON pointer of the first place where two documents differ
// in more than notation, "" when there is none. Key order does not count.
func Difference(a, b *Document) string {
	if equal(a.root, b.root) {
		return ""
	}
	pointer, _ := difference(a.root, b.root, nil)
	return pointer
}

func difference(a, b *yaml.Node, at []string) (pointer string, differ bool) {
	if a == nil || b == nil || a.Kind != b.Kind || len(a.Content) != len(b.Content) {
		if a != nil && b != nil && a.Kind == yaml.MappingNode && b.Kind == yaml.MappingNode {
			return differentKeys(a, b, at)
		}
		return "/" + strings.Join(at, "/"), true
	}
	switch a.Kind {
	case yaml.MappingNode:
		return differentKeys(a, b, at)
	case yaml.SequenceNode:
		for i := range a.Content {
			if p, differ := difference(a.Content[i], b.Content[i], append(at, strconv.Itoa(i))); differ {
				return p, true
			}
		}
		return "", false
	default:
		if equal(a, b) {
			return "", false
		}
		return "/" + strings.Join(at, "/"), true
	}
}

func differentKeys(a, b *yaml.Node, at []string) (string, bool) {
	for key, value := range pairs(a) {
		if p, differ := difference(value, get(b, key.Value), append(at, escapePointer(key.Value))); differ {
			return p, true
		}
	}
	for key := range pairs(b) {
		if get(a, key.Value) == nil {
			return "/" + strings.Join(append(at, escapePointer(key.Value)), "/"), true
		}
	}
	return "", false
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

func escapePointer(s string) string { return pointerEscaper.Replace(s) }
