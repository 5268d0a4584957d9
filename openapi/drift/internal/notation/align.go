package notation

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// aligner walks the contract and a foreign document side by side.
type aligner struct {
	contract, root *yaml.Node
	// names gives the contract's pointer for a component of root.
	names map[string]string
	// written are the places where root writes out what is a component in the contract.
	written []written
	seen    map[[2]*yaml.Node]bool

	applied  map[string]string
	variants []variant
	// cloned counts the nodes that were copied.
	cloned int
}

// maxCloned bounds the nodes that are copied to write things out; the contract has 1,500.
const maxCloned = 200_000

// clone copies a tree, or gives nil when too much was copied already.
func (a *aligner) clone(n *yaml.Node) *yaml.Node {
	if a.cloned += size(n, maxCloned); a.cloned > maxCloned {
		return nil
	}
	return tree.Clone(n)
}

// size counts the nodes of a tree, and stops beyond limit.
func size(n *yaml.Node, limit int) int {
	total := 1
	for _, child := range n.Content {
		if total > limit {
			break
		}
		total += size(child, limit-total)
	}
	return total
}

type written struct {
	node      *yaml.Node
	component string
}

func (a *aligner) align() {
	absolutePaths(a.root)
	renamePaths(a.root, a.contract)
	own := tree.Get(a.root, "paths")
	for path, item := range tree.Pairs(tree.Get(a.contract, "paths")) {
		for method, op := range tree.Pairs(item) {
			if other := tree.At(own, path, method); other != nil {
				a.operation(op, other)
			}
		}
	}
	a.rename()
	a.hoist()
}

func (a *aligner) operation(contract, own *yaml.Node) {
	for _, p := range tree.Items(tree.Get(contract, "parameters")) {
		for _, q := range tree.Items(tree.Get(own, "parameters")) {
			if a.parameterKey(a.contract, p) == a.parameterKey(a.root, q) {
				a.part(p, q)
			}
		}
	}
	a.part(tree.Get(contract, "requestBody"), tree.Get(own, "requestBody"))
	responses := tree.Get(own, "responses")
	for status, response := range tree.Pairs(tree.Get(contract, "responses")) {
		a.part(response, tree.Get(responses, status))
	}
}

func (a *aligner) parameterKey(root, p *yaml.Node) string {
	if ref := tree.Text(tree.Get(p, "$ref")); ref != "" {
		p = tree.Resolve(root, tree.ComponentPointer(ref))
	}
	return tree.Text(tree.Get(p, "in")) + " " + tree.Text(tree.Get(p, "name"))
}

// part pairs a parameter, body, answer or header. What the contract writes out and
// the document refers to is written out there, too.
func (a *aligner) part(contract, own *yaml.Node) {
	if contract == nil || own == nil {
		return
	}
	ref := tree.Text(tree.Get(own, "$ref"))
	if target := tree.Resolve(a.root, tree.ComponentPointer(ref)); ref != "" && target != nil && tree.Get(contract, "$ref") == nil {
		if copied := a.clone(target); copied != nil {
			*own = *copied
		}
	}
	contract, own, again := a.pair(contract, own)
	if again || contract == nil || own == nil {
		return
	}
	a.schema(tree.Get(contract, "schema"), tree.Get(own, "schema"))
	for name, header := range tree.Pairs(tree.Get(contract, "headers")) {
		a.part(header, getFold(tree.Get(own, "headers"), name))
	}
	for mediaType, media := range tree.Pairs(tree.Get(contract, "content")) {
		for other, content := range tree.Pairs(tree.Get(own, "content")) {
			if shape.NeutralType(mediaType) == shape.NeutralType(other) {
				a.schema(tree.Get(media, "schema"), tree.Get(content, "schema"))
			}
		}
	}
}

func getFold(m *yaml.Node, key string) *yaml.Node {
	for k, v := range tree.Pairs(m) {
		if strings.EqualFold(k, key) {
			return v
		}
	}
	return nil
}

// pair notes what two corresponding nodes are called, and gives what they refer to.
// again is true for a pair that was seen before.
func (a *aligner) pair(contract, own *yaml.Node) (x, y *yaml.Node, again bool) {
	want, have := tree.Text(tree.Get(contract, "$ref")), tree.Text(tree.Get(own, "$ref"))
	x, y = contract, own
	if want != "" {
		x = tree.Resolve(a.contract, tree.ComponentPointer(want))
	}
	if have != "" {
		y = tree.Resolve(a.root, tree.ComponentPointer(have))
	}
	switch {
	case want == "" || x == nil || y == nil:
	case have == "":
		a.written = append(a.written, written{own, tree.ComponentPointer(want)})
	default:
		if _, known := a.names[tree.ComponentPointer(have)]; !known {
			a.names[tree.ComponentPointer(have)] = tree.ComponentPointer(want)
		}
	}
	again = a.seen[[2]*yaml.Node{x, y}]
	a.seen[[2]*yaml.Node{x, y}] = true
	return x, y, again
}

func (a *aligner) schema(contract, own *yaml.Node) {
	if contract == nil || own == nil {
		return
	}
	unwrapReference(own)
	contract, own, again := a.pair(contract, own)
	if again || contract == nil || own == nil {
		return
	}
	if tree.Get(contract, "allOf") == nil {
		soleChoice(own)
		a.mergeAllOf(own, 0)
	}
	a.schema(tree.Get(contract, "items"), tree.Get(own, "items"))
	a.schema(tree.Get(contract, "additionalProperties"), tree.Get(own, "additionalProperties"))
	properties := tree.Get(own, "properties")
	for name, property := range tree.Pairs(tree.Get(contract, "properties")) {
		a.schema(property, tree.Get(properties, name))
	}
	mapping := tree.At(own, "discriminator", "mapping")
	for value, target := range tree.Pairs(tree.At(contract, "discriminator", "mapping")) {
		if other := tree.Get(mapping, value); other != nil {
			a.schema(reference(target.Value), reference(other.Value))
		}
	}
}

// reference makes a node that refers to what a mapping names.
func reference(target string) *yaml.Node {
	if tree.ComponentPointer(target) == "" {
		target = "#" + tree.Join("/components/schemas", target)
	}
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{tree.Scalar("$ref"), tree.Scalar(target)}}
}
