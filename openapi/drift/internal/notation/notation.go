// Package notation brings a foreign specification into the contract's own notation.
//
// The corrections of the contract find their targets by name: a component's, a
// path's. Upstream may rename a schema, write a reference out, or wrap a schema in
// allOf without any client noticing; its known faults would then stay uncorrected
// and look like drift. So a cut is first walked side by side with the contract, and
// wherever the contract refers to a component, the cut is made to do the same:
//
//   - paths and path parameters get the contract's names (paths.go);
//   - components get the names that the contract has in the same places, and what is
//     written out there becomes a component (align.go, rewrite.go);
//   - allOf is merged where the contract has none (allof.go);
//   - components that only corrections refer to are borrowed from the contract.
//
// Where one name would have to stand for several different things, such as after
// a schema was split, the others are corrected one after another under that name
// (Correct).
//
// Nothing of this changes what the document says, and nodes keep their lines.
package notation

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// Result is what became of a document.
type Result struct {
	// Root is the corrected document; its lines mean nothing.
	Root *yaml.Node
	// Origins are the lines that Root's nodes had in the document as it came.
	Origins shape.Origins
	// Names gives, for the pointer of each renamed component, the contract's.
	Names map[string]string
}

// Corrector gives a corrected copy of a document.
type Corrector func(*trim.Document) (*trim.Document, error)

// maxVariants bounds how often corrections are applied again for a name that stands
// for several things.
const maxVariants = 16

// Correct brings doc into the notation of contract, the root of a document or nil,
// and corrects it there. doc itself is brought into that notation, too.
func Correct(doc *trim.Document, contract *yaml.Node, correct Corrector) (*Result, error) {
	root := doc.Root()
	a := &aligner{contract: contract, root: root, names: make(map[string]string), seen: make(map[[2]*yaml.Node]bool)}
	if contract != nil {
		a.align()
	}
	result := &Result{Origins: shape.OriginsOf(root), Names: a.applied}
	if contract != nil {
		borrow(root, contract)
	}
	corrected, err := correct(doc)
	if err != nil {
		return nil, err
	}
	result.Root = corrected.Root()
	for _, v := range a.variants[:min(len(a.variants), maxVariants)] {
		if err := result.correctVariant(doc, v, correct); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// variant is a place whose content would need a component's name that is taken.
type variant struct{ at, component string }

func (r *Result) correctVariant(doc *trim.Document, v variant, correct Corrector) error {
	root := doc.Root()
	content, slot := tree.Resolve(root, v.at), tree.Resolve(r.Root, v.at)
	taken := tree.Resolve(root, v.component)
	if content == nil || slot == nil || taken == nil {
		return nil
	}
	saved := *taken
	*taken = *tree.Clone(content)
	corrected, err := correct(doc)
	*taken = saved
	if err != nil {
		return err
	}
	if n := tree.Resolve(corrected.Root(), v.component); n != nil {
		*slot = *n
	}
	return nil
}

// borrow adds the contract's components that root lacks. Corrections may refer to
// them; what nothing refers to is pruned with them.
func borrow(root, contract *yaml.Node) {
	components := tree.Get(root, "components")
	if components == nil {
		components = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		tree.Set(root, "components", components)
	}
	for section, members := range tree.Pairs(tree.Get(contract, "components")) {
		if section == "securitySchemes" {
			continue
		}
		own := tree.Get(components, section)
		if own == nil {
			own = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
			tree.Set(components, section, own)
		}
		for name, node := range tree.Pairs(members) {
			if tree.Get(own, name) == nil {
				tree.Set(own, name, tree.Clone(node))
			}
		}
	}
}

// equal compares by value: lines, styles and the order of keys do not count.
func equal(a, b *yaml.Node) bool {
	if a == nil || b == nil || a.Kind != b.Kind || len(a.Content) != len(b.Content) {
		return a == b
	}
	switch a.Kind {
	case yaml.MappingNode:
		for key, value := range tree.Pairs(a) {
			if other := tree.Get(b, key); other == nil || !equal(value, other) {
				return false
			}
		}
		return true
	case yaml.SequenceNode:
		return slices.EqualFunc(a.Content, b.Content, equal)
	}
	return a.Value == b.Value && a.ShortTag() == b.ShortTag()
}
