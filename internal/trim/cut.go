package trim

import (
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Cut gives a document that holds the selected operations, at one version, and
// all that they need. The receiver stays as it is. An operation that is not
// there, a version that does not exist and a reference that dangles are errors
// that name it.
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
	out.narrow(sel.KeepUnmapped)
	if !sel.KeepProse {
		out.strip(sel.Extensions...)
	}
	return out, out.Prune()
}

// cutPaths copies the selected operations, projected, below their paths.
func (d *Document) cutPaths(ops []Operation, version string) (paths *oas.Node, roots []*oas.Node, err error) {
	paths = oas.Mapping()
	for _, op := range ops {
		node := oas.Clone(op.Node())
		if err := d.project(op, node, version); err != nil {
			return nil, nil, err
		}
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

// parameterKey is what makes a parameter unique in a list: place and name.
func (d *Document) parameterKey(p *oas.Node) [2]string {
	if target, _, err := d.Follow(p, ""); err == nil { // reach reports the error
		p = target
	}
	return [2]string{oas.Text(oas.Get(p, "in")), oas.Text(oas.Get(p, "name"))}
}

// copied makes the root of a cut, in the order of the source: the cut paths, the
// components that they reach, and what belongs to every API. References to parts of
// components and of other operations are replaced by what they refer to.
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
			oas.Set(out, key, copyComponents(value, reached))
		}
	}
	return out, d.inline(out, nil)
}

func copyComponents(components *oas.Node, reached map[component]bool) *oas.Node {
	out := oas.Mapping()
	for section, members := range oas.Pairs(components) {
		kept := oas.Mapping()
		for name, node := range oas.Pairs(members) {
			if reached[component{section, name}] {
				oas.Set(kept, name, oas.Clone(node))
			}
		}
		if len(kept.Content) > 0 {
			oas.Set(out, section, kept)
		}
	}
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

// DedupeParameters drops what stands twice in one operation's list of parameters,
// for instance after an overlay that adds one.
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
		oas.Set(d.Root(), "components", copyComponents(components, reached))
		d.Forget()
	}
	return nil
}

func dedupe(parameters *oas.Node) {
	if parameters == nil {
		return
	}
	var kept []*oas.Node
	for _, p := range parameters.Content {
		if !contains(kept, p) {
			kept = append(kept, p)
		}
	}
	parameters.Content = kept
}

func contains(nodes []*oas.Node, n *oas.Node) bool {
	for _, other := range nodes {
		if oas.Equal(other, n) {
			return true
		}
	}
	return false
}
