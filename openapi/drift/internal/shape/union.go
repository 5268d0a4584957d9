package shape

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// unionKeys are the keywords that make a schema a choice of forms. anyOf is read as
// oneOf: a value of one branch satisfies either.
var unionKeys = []string{"oneOf", "anyOf"}

// isUnion tells whether a part leaves a choice.
func isUnion(p part) bool {
	return !p.beside && !p.words && (len(choices(p)) > 1 || hasMapping(p))
}

func hasMapping(p part) bool { return len(pairsOf(tree.At(p.node, "discriminator", "mapping"))) > 0 }

// choices are the listed branches, less 3.1's way to say nullable.
func choices(p part) []part {
	var out []part
	for _, key := range unionKeys {
		for i, item := range tree.Items(tree.Get(p.node, key)) {
			if !isNull(item) {
				out = append(out, part{node: item, pointer: tree.Index(tree.Join(p.pointer, key), i)})
			}
		}
	}
	return out
}

// isNull tells whether a branch admits null alone.
func isNull(n *yaml.Node) bool {
	return tree.Text(tree.Get(n, "type")) == "null" && len(n.Content) == 2
}

func pairsOf(m *yaml.Node) [][2]string {
	var out [][2]string
	for key, value := range tree.Pairs(m) {
		out = append(out, [2]string{key, tree.Text(value)})
	}
	return out
}

// union makes s a choice when one of its parts is one: each branch has to satisfy
// all the other parts as well, and what stands beside the choice.
func (b *builder) union(s *Schema, parts []part) {
	i := slices.IndexFunc(parts, isUnion)
	if i < 0 {
		return
	}
	rest := slices.Clone(parts)
	for j := range rest {
		rest[j].followed = true
	}
	if rest[i].beside = true; !saysMore(rest[i]) {
		rest = slices.Delete(rest, i, i+1)
	}
	s.Union = &Union{Property: tree.Text(tree.At(parts[i].node, "discriminator", "propertyName")), At: b.place(parts[i].pointer)}
	members := b.members(parts[i])
	if len(members) > maxBranches {
		b.fail("%s: a union of more than %d branches", parts[i].pointer, maxBranches)
		return
	}
	for _, m := range members {
		s.Union.Branches = append(s.Union.Branches, &Branch{Value: m.value, At: m.at, Schema: b.schema(append([]part{m.part}, rest...))})
	}
	b.oneList(s, parts[i])
}

// maxBranches bounds a union; the contract's have 3.
const maxBranches = 500

// saysMore tells whether a part holds a keyword that its union's branches have to satisfy.
func saysMore(p part) bool {
	for key := range tree.Pairs(p.node) {
		if !slices.Contains(silent, key) && !strings.HasPrefix(key, "x-") && !slices.Contains([]string{"nullable", "readOnly", "writeOnly", "deprecated", "default"}, key) {
			return true
		}
	}
	return false
}

// member is a branch as the document lists it.
type member struct {
	part
	value string
	at    Place
}

// members lists a union's branches: the discriminator's values with what they map
// to, then the listed ones that no value maps to.
func (b *builder) members(p part) []member {
	var out []member
	mapped := make(map[string]bool)
	mappingAt := tree.Join(p.pointer, "discriminator", "mapping")
	for _, entry := range pairsOf(tree.At(p.node, "discriminator", "mapping")) {
		n, pointer := b.target(mappingRef(entry[1]))
		if n == nil {
			return nil
		}
		mapped[pointer] = true
		out = append(out, member{part{node: n, pointer: pointer}, entry[0], b.place(tree.Join(mappingAt, entry[0]))})
	}
	return append(out, b.listed(p, mapped)...)
}

// mappingRef makes a reference of a mapping's value, which may be a bare name.
func mappingRef(value string) string {
	if tree.ComponentPointer(value) != "" {
		return value
	}
	return "#" + tree.Join("/components/schemas", value)
}

func (b *builder) listed(p part, mapped map[string]bool) []member {
	var out []member
	discriminated := tree.Get(p.node, "discriminator") != nil
	for _, choice := range choices(p) {
		target := tree.ComponentPointer(tree.Text(tree.Get(choice.node, "$ref")))
		if mapped[target] && target != "" {
			continue
		}
		value := ""
		if steps := tree.Split(target); discriminated && len(steps) > 0 {
			value = steps[len(steps)-1]
		}
		out = append(out, member{choice, value, b.place(choice.pointer)})
	}
	return out
}
