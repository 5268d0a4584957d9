package contracttest

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// parent returns the pointer of the object that has the finding's keyword.
func (p *proposal) parent() string {
	return p.Spec.Pointer[:max(0, strings.LastIndexByte(p.Spec.Pointer, '/'))]
}

// update sets a key of the object at a pointer; lists and mappings are merged.
func (p *proposal) update(pointer, key string, value *oas.Node) []*oas.Node {
	if p.contract.Node(p.Spec.File, pointer) == nil {
		return nil
	}
	return []*oas.Node{p.action(pointer, "update", oas.Mapping(oas.String(key), value))}
}

func (p *proposal) action(pointer, verb string, value *oas.Node) *oas.Node {
	return oas.Mapping(oas.String("target"), oas.String(p.path(pointer)), oas.String(verb), value)
}

func (p *proposal) remove(pointer string) []*oas.Node {
	if p.contract.Node(p.Spec.File, pointer) == nil {
		return nil
	}
	return []*oas.Node{removal(p.path(pointer))}
}

func removal(path string) *oas.Node {
	return oas.Mapping(oas.String("target"), oas.String(path), oas.String("remove"), boolean("true"))
}

// path returns a pointer into the contract as a JSONPath (RFC 9535).
func (p *proposal) path(pointer string) string {
	path, at := "$", ""
	for _, step := range oas.Split(pointer) {
		if oas.IsSequence(p.contract.Node(p.Spec.File, at)) {
			path += "[" + step + "]"
		} else {
			path += "[" + quotedPath(step) + "]"
		}
		at = oas.Join(at, step)
	}
	return path
}

// quotedPath returns a name in the form of a JSONPath segment.
func quotedPath(name string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(name) + "'"
}

// typed returns a schema with a recorded type. A schema of OpenAPI 3.0 cannot have the type
// null.
func typed(name string, is31 bool) *oas.Node {
	switch {
	case name == "null" && !is31:
		return oas.Mapping(oas.String("nullable"), boolean("true"))
	case name == "array":
		return oas.Mapping(oas.String("type"), oas.String(name), oas.String("items"), oas.Mapping())
	case name == "object":
		return oas.Mapping(oas.String("type"), oas.String(name), oas.String("additionalProperties"), boolean("true"))
	}
	return oas.Mapping(oas.String("type"), oas.String(name))
}

func null() *oas.Node { return &oas.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"} }

func boolean(text string) *oas.Node {
	return &oas.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: text}
}

// quoted returns a node for a string that YAML could read as a number.
func quoted(text string) *oas.Node {
	return &oas.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.SingleQuotedStyle, Value: text}
}
