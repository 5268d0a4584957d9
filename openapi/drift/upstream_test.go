package drift

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// losses returns functions, each of which removes one thing from a specification: a keyword
// with a plain value, a property, a status, a header, a parameter, a member of a list. They
// remove nothing that contains several declarations, and nothing without which a document
// is invalid.
func losses(root *yaml.Node) map[string]func(*yaml.Node) {
	out := make(map[string]func(*yaml.Node))
	var walk func(n *yaml.Node, pointer string)
	walk = func(n *yaml.Node, pointer string) {
		steps := oas.Split(pointer)
		for key, value := range oas.Pairs(n) {
			at := oas.Join(pointer, key)
			if isWords(key, value) {
				continue
			}
			named := slices.Contains([]string{"properties", "responses", "headers", "mapping"}, steps[len(steps)-1])
			plain := value.Kind == yaml.ScalarNode && !slices.Contains([]string{"name", "in", "$ref", "propertyName"}, key)
			if (named || plain) && steps[0] != "components" || len(steps) > 2 && (named || plain) {
				out[at] = func(root *yaml.Node) { oas.Remove(oas.Resolve(root, pointer), key) }
			}
			walk(value, at)
		}
		for i, item := range oas.Items(n) {
			at := oas.Index(pointer, i)
			if last := steps[len(steps)-1]; last != "allOf" && last != "tags" {
				out[at] = func(root *yaml.Node) {
					list := oas.Resolve(root, pointer)
					list.Content = slices.Delete(slices.Clone(list.Content), i, i+1)
				}
			}
			walk(item, at)
		}
	}
	for _, key := range []string{"components", "paths", "security"} {
		walk(oas.Get(root, key), "/"+key)
	}
	return out
}

func isWords(key string, value *yaml.Node) bool {
	return key == "description" && value.Kind == yaml.ScalarNode || strings.HasPrefix(key, "x-") && key != "x-sunset" ||
		slices.Contains([]string{"example", "examples", "externalDocs", "summary", "tags", "operationId"}, key)
}

// counted returns the changes except those of prose.
func counted(r *Report) []Change {
	return slices.DeleteFunc(slices.Clone(r.Changes), func(c Change) bool { return c.Verdict == Docs })
}

// TestLossesOfUpstream removes and adds single parts of a specification in upstream's
// notation, in which branches inherit from bases. Each change must be one entry.
func TestLossesOfUpstream(t *testing.T) {
	t.Parallel()
	root := parseTree(t, shared(t, "history/5-nullable-after.yaml"))
	if r := compareTrees(t, nil, root); r.Verdict != InSync {
		t.Fatalf("unchanged, it is %s\n%s", r.Verdict, formatChanges(r))
	}
	all := losses(root)
	if len(all) < 300 {
		t.Errorf("only %d losses", len(all))
	}
	entries := 0
	for i, at := range slices.Sorted(maps.Keys(all)) {
		if i%(10*stride()) != 0 {
			continue
		}
		mutated := clone(root)
		all[at](mutated)
		for name, r := range map[string]*Report{
			"against the embedded contract": compareTrees(t, nil, mutated),
			"gone":                          compareTrees(t, root, mutated),
			"come":                          compareTrees(t, mutated, root),
		} {
			// A change of a mapping may make two entries: one for the union, and one for a
			// branch that inherits the enum in a version without the union.
			most := 1
			if strings.Contains(at, "/discriminator/mapping/") {
				most = 2
			}
			if n := len(counted(r)); n > most {
				t.Errorf("%s %s: %d entries\n%s", at, name, n, formatChanges(r))
			} else {
				entries += n
			}
		}
	}
	t.Logf("%d entries", entries)
}
