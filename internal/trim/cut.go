package trim

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Cut returns a document that contains the selected operations, at one version, and
// everything that they need. It does not change the receiver. A missing operation, an
// unknown version and a dangling reference are errors that name it.
func (d *Document) Cut(sel Selection) (*Document, error) {
	chosen, err := d.Choose(sel)
	if err != nil {
		return nil, err
	}
	paths, roots, err := d.cutPaths(chosen.Operations, chosen.Version)
	if err != nil {
		return nil, err
	}
	root, err := d.copied(paths, roots)
	if err != nil {
		return nil, err
	}
	out, err := d.WithRoot(root)
	if err != nil {
		return nil, err
	}
	out.lift()
	if err := out.narrow(sel.KeepUnmapped); err != nil {
		return nil, err
	}
	if !sel.KeepProse {
		out.strip(sel.Extensions...)
	}
	return out, out.Prune()
}

// cutPaths copies the selected operations, projected, below their paths.
func (d *Document) cutPaths(ops []Operation, version string) (paths *oas.Node, roots []*oas.Node, err error) {
	paths = oas.Mapping()
	for _, op := range ops {
		projected, err := d.project(op, version)
		if err != nil {
			return nil, nil, err
		}
		node := oas.Clone(projected)
		if shared := oas.Get(op.Item(), "parameters"); shared != nil {
			d.mergeParameters(node, shared)
		}
		if servers := oas.Get(op.Item(), "servers"); servers != nil && oas.Get(node, "servers") == nil {
			oas.Set(node, "servers", oas.Clone(servers))
		}
		roots = append(roots, node)
		item := oas.Get(paths, op.Path)
		if item == nil {
			item = oas.Mapping()
			oas.Set(paths, op.Path, item)
		}
		oas.Set(item, strings.ToLower(op.Method), node)
	}
	return paths, roots, nil
}

// mergeParameters brings a path's shared parameters into the operation, whose own come first and win.
func (d *Document) mergeParameters(op, shared *oas.Node) {
	own := oas.Get(op, "parameters")
	if own == nil {
		own = oas.Sequence()
		oas.Set(op, "parameters", own)
	}
	taken := make(map[[2]string]bool)
	for _, p := range own.Content {
		taken[d.parameterKey(p)] = true
	}
	for _, p := range oas.Items(shared) {
		if !taken[d.parameterKey(p)] {
			own.Content = append(own.Content, oas.Clone(p))
		}
	}
}

// parameterKey returns the values that identify a parameter in a list: place and name.
func (d *Document) parameterKey(p *oas.Node) [2]string {
	if target, _, err := d.Follow(p, ""); err == nil { // reach reports the error
		p = target
	}
	return [2]string{oas.Text(oas.Get(p, "in")), oas.Text(oas.Get(p, "name"))}
}

// copied makes the root of a cut, in the order of the source: the cut paths, the components
// that they reach, and the parts that every API has. References to parts of components and
// of other operations are replaced by their targets.
func (d *Document) copied(paths *oas.Node, roots []*oas.Node) (*oas.Node, error) {
	reached, err := d.reach(roots...)
	if err != nil {
		return nil, err
	}
	d.addSecuritySchemes(reached, roots)
	out := oas.Mapping()
	for key, value := range oas.Pairs(d.Root()) {
		switch key {
		case "openapi", "info", "servers", "security":
			oas.Set(out, key, oas.Clone(value))
		case "paths":
			oas.Set(out, key, paths)
		case "components":
			oas.Set(out, key, oas.Clone(reachedComponents(value, reached)))
		}
	}
	return out, d.inline(out, nil)
}

// reachedComponents returns the components that are reached, not copied.
func reachedComponents(components *oas.Node, reached map[component]bool) *oas.Node {
	out := oas.Shallow(components)
	for i := 1; i < len(out.Content); i += 2 {
		section := out.Content[i-1].Value
		out.Content[i] = oas.Shallow(out.Content[i])
		oas.Keep(out.Content[i], func(name string, _ *oas.Node) bool { return reached[component{section, name}] })
	}
	oas.Keep(out, func(_ string, members *oas.Node) bool { return len(members.Content) > 0 })
	return out
}

// addSecuritySchemes marks the schemes that the document's and the operations' security names.
func (d *Document) addSecuritySchemes(reached map[component]bool, roots []*oas.Node) {
	for _, holder := range append([]*oas.Node{d.Root()}, roots...) {
		for _, requirement := range oas.Items(oas.Get(holder, "security")) {
			for scheme := range oas.Pairs(requirement) {
				reached[component{"securitySchemes", scheme}] = true
			}
		}
	}
}

// DedupeParameters drops parameters that are twice in an operation's list, for instance
// after an overlay that adds one.
func (d *Document) DedupeParameters() {
	for _, op := range d.Operations() {
		dedupe(oas.Get(op.Node(), "parameters"))
	}
}

// Prune drops components that no operation needs any more, for instance after an
// overlay. A reference that dangles is an error.
func (d *Document) Prune() error {
	var roots []*oas.Node
	for _, op := range d.Operations() {
		roots = append(roots, op.Node())
	}
	reached, err := d.reach(roots...)
	if err != nil {
		return err
	}
	d.addSecuritySchemes(reached, roots)
	if components := oas.Get(d.Root(), "components"); components != nil {
		oas.Set(d.Root(), "components", reachedComponents(components, reached))
		d.Forget()
	}
	return nil
}

func dedupe(parameters *oas.Node) {
	if parameters != nil {
		parameters.Content = distinct(parameters.Content)
	}
}

// distinct returns the nodes without those that are equal to an earlier one.
func distinct(nodes []*oas.Node) []*oas.Node {
	seen := make(map[string]bool, len(nodes))
	return slices.DeleteFunc(slices.Clone(nodes), func(n *oas.Node) bool {
		value := oas.Canonical(n)
		again := seen[value]
		seen[value] = true
		return again
	})
}
