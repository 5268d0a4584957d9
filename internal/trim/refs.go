package trim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// component names a reusable part: a section such as "schemas" and a name in it.
type component struct{ section, name string }

func (c component) ref() string { return "#" + oas.Join("/components", c.section, c.name) }

// componentAt returns the component at a pointer. ok is false for any other place.
func componentAt(pointer string) (c component, ok bool) {
	steps := oas.Split(pointer)
	if len(steps) != 3 || steps[0] != "components" {
		return component{}, false
	}
	return component{steps[1], steps[2]}, true
}

// referred returns the component that a reference names. ok is false if the reference is
// external or names another place.
func referred(ref string) (c component, ok bool) {
	if len(ref) == 0 || ref[0] != '#' {
		return component{}, false
	}
	return componentAt(ref[1:])
}

// collector walks from the operations to every component that they need.
type collector struct {
	doc   *oas.Document
	found map[component]bool
	seen  map[*oas.Node]bool
}

// reach returns the components that the operations roots need, directly or through others,
// and the schemes that their security or that of the document names.
func reach(d *oas.Document, roots []*oas.Node) (map[component]bool, error) {
	c := &collector{doc: d, found: make(map[component]bool), seen: make(map[*oas.Node]bool)}
	for _, root := range roots {
		if err := c.walk(root, oas.Text(oas.Get(root, "operationId"))); err != nil {
			return nil, err
		}
	}
	for _, holder := range append([]*oas.Node{d.Root()}, roots...) {
		for _, requirement := range oas.Items(oas.Get(holder, "security")) {
			for scheme := range oas.Pairs(requirement) {
				c.found[component{"securitySchemes", scheme}] = true
			}
		}
	}
	return c.found, nil
}

// walk visits a tree and the targets of its references. place is the name of the tree in
// errors.
func (c *collector) walk(n *oas.Node, place string) error {
	if c.seen[n] {
		return nil
	}
	c.seen[n] = true
	return oas.References(n, "", func(r oas.Reference) error {
		target, pointer, err := c.doc.Target(r.Ref)
		if err != nil {
			return fmt.Errorf("%s: in %s, line %d: %w", c.doc.Name(), place, r.At.Line, err)
		}
		if found, ok := componentAt(pointer); ok {
			c.found[found] = true
		}
		return c.walk(target, "#"+pointer)
	})
}

// maxInlined is the maximum depth to which references are replaced by their targets.
const maxInlined = 50

// inline replaces each reference below n that does not name a component by a copy of its
// target in d, because the extracted document does not contain the target.
func inline(d *oas.Document, n *oas.Node, trail []string, budget *limits.Budget) error {
	return oas.References(n, "", func(r oas.Reference) error {
		if _, ok := referred(r.Ref); ok || r.At.Content == nil {
			return nil
		}
		if slices.Contains(trail, r.Ref) || len(trail) > maxInlined {
			return fmt.Errorf("%s: line %d: reference %q: %w", d.Name(), r.At.Line, r.Ref, errors.New("it refers to a part of the document that contains it; only a component may contain itself"))
		}
		target, _, err := d.Target(r.Ref)
		if err != nil {
			return err
		}
		if err := spend(d, budget, target, "", fmt.Sprintf("line %d", r.At.Line)); err != nil {
			return err
		}
		replaceReference(r.At, oas.Clone(target), d.Is31())
		return inline(d, r.At, append(slices.Clone(trail), r.Ref), budget)
	})
}

// replaceReference replaces a reference by its target. In OpenAPI 3.1, the keywords of a
// schema next to the reference apply; then the target becomes a member of allOf.
func replaceReference(reference, target *oas.Node, is31 bool) {
	oas.Remove(reference, "$ref", "summary", "description")
	if !is31 || len(reference.Content) == 0 {
		*reference = *target
		return
	}
	members := append([]*oas.Node{target}, oas.Items(oas.Get(reference, "allOf"))...)
	oas.Set(reference, "allOf", oas.Sequence(members...))
}
