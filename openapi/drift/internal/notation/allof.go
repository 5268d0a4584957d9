package notation

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// unwrapReference replaces allOf, oneOf or anyOf of nothing but one reference by the reference.
func unwrapReference(n *yaml.Node) {
	for {
		if n.Kind != yaml.MappingNode || len(n.Content) != 2 || !slices.Contains([]string{"allOf", "oneOf", "anyOf"}, n.Content[0].Value) {
			return
		}
		members := tree.Items(n.Content[1])
		if len(members) != 1 || tree.Get(members[0], "$ref") == nil && tree.Get(members[0], "allOf") == nil {
			return
		}
		*n = *members[0]
	}
}

// soleChoice writes a choice of one as allOf.
func soleChoice(n *yaml.Node) {
	if tree.Get(n, "allOf") != nil || tree.Get(n, "discriminator") != nil {
		return
	}
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if key := n.Content[i].Value; (key == "oneOf" || key == "anyOf") && len(tree.Items(n.Content[i+1])) == 1 {
			n.Content[i] = tree.Scalar("allOf")
			return
		}
	}
}

// maxNested bounds how deep allOf is merged; what is deeper stays.
const maxNested = 10

// mergeAllOf writes an allOf whose members don't contradict one another as one object.
func (a *aligner) mergeAllOf(n *yaml.Node, depth int) {
	all := tree.Get(n, "allOf")
	if all == nil || all.Kind != yaml.SequenceNode || n.Kind != yaml.MappingNode || depth > maxNested {
		return
	}
	merged := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.Line, Column: n.Column}
	for _, member := range append(slices.Clone(all.Content), n) {
		if ref := tree.Text(tree.Get(member, "$ref")); ref != "" {
			if member = tree.Resolve(a.root, tree.ComponentPointer(ref)); member == n {
				return
			}
		}
		if member != n {
			if member == nil || tree.Get(member, "$ref") != nil {
				return
			}
			if member = a.clone(member); member == nil {
				return
			}
			a.mergeAllOf(member, depth+1)
			dropChoice(member)
		}
		if !mergeInto(merged, member, member == n) {
			return
		}
	}
	*n = *merged
}

// dropChoice takes from a base what is said of the choice among its heirs: an heir
// does not inherit that.
func dropChoice(base *yaml.Node) {
	if tree.At(base, "discriminator", "mapping") != nil && tree.Get(base, "oneOf") == nil && tree.Get(base, "anyOf") == nil {
		tree.Remove(base, "discriminator")
		tree.Remove(base, "nullable")
	}
}

// prose and the like: the outermost wins, and no contradiction.
var words = []string{"description", "title", "example", "examples", "externalDocs"}

// mergeInto adds a member's keywords; false when they contradict what is there.
func mergeInto(merged, member *yaml.Node, outermost bool) bool {
	for key, value := range tree.Pairs(member) {
		present := tree.Get(merged, key)
		switch {
		case key == "allOf":
			if !outermost {
				return false
			}
		case present == nil:
			tree.Set(merged, key, value)
		case key == "properties":
			if !mergeProperties(merged, value) {
				return false
			}
		case key == "required":
			mergeRequired(merged, value)
		case slices.Contains(words, key):
			tree.Set(merged, key, value)
		case !equal(present, value):
			return false
		}
	}
	return true
}

func mergeProperties(merged, more *yaml.Node) bool {
	own := tree.Clone(tree.Get(merged, "properties"))
	for name, schema := range tree.Pairs(more) {
		if present := tree.Get(own, name); present != nil && !equal(present, schema) {
			return false
		}
		tree.Set(own, name, schema)
	}
	tree.Set(merged, "properties", own)
	return true
}

func mergeRequired(merged, more *yaml.Node) {
	own := tree.Clone(tree.Get(merged, "required"))
	for _, name := range tree.Items(more) {
		if !slices.Contains(tree.Texts(own), name.Value) {
			own.Content = append(own.Content, name)
		}
	}
	tree.Set(merged, "required", own)
}
