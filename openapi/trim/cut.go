package trim

import (
	"strings"

	"go.yaml.in/yaml/v3"
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
	out := &Document{name: d.name, root: mapping()}
	if err := d.copyInto(out, paths, roots); err != nil {
		return nil, err
	}
	if err := out.lift(); err != nil {
		return nil, err
	}
	out.narrow(sel.KeepUnmapped)
	if !sel.KeepProse {
		out.strip(sel.Extensions...)
	}
	return out, out.Prune()
}

// cutPaths copies the selected operations, projected, below their paths.
func (d *Document) cutPaths(ops []Operation, version string) (paths *yaml.Node, roots []*yaml.Node, err error) {
	paths = mapping()
	for _, op := range ops {
		node := clone(op.node)
		if err := d.project(op, node, version); err != nil {
			return nil, nil, err
		}
		if shared := get(op.item, "parameters"); shared != nil {
			d.mergeParameters(node, shared)
		}
		roots = append(roots, node)
		item := get(paths, op.Path)
		if item == nil {
			item = mapping()
			set(paths, op.Path, item)
		}
		set(item, strings.ToLower(op.Method), node)
	}
	return paths, roots, nil
}

// mergeParameters brings a path's shared parameters into the operation, whose own come first and win.
func (d *Document) mergeParameters(op, shared *yaml.Node) {
	own := get(op, "parameters")
	if own == nil {
		own = sequence()
		set(op, "parameters", own)
	}
	taken := make(map[[2]string]bool)
	for _, p := range own.Content {
		taken[d.parameterKey(p)] = true
	}
	for _, p := range items(shared) {
		if !taken[d.parameterKey(p)] {
			own.Content = append(own.Content, clone(p))
		}
	}
}

// parameterKey is what makes a parameter unique in a list: place and name.
func (d *Document) parameterKey(p *yaml.Node) [2]string {
	p = d.deref(p)
	return [2]string{text(get(p, "in")), text(get(p, "name"))}
}

// copyInto fills out with the document's top level, in the order of the source:
// the cut paths, the components that they reach, and what belongs to every API.
func (d *Document) copyInto(out *Document, paths *yaml.Node, roots []*yaml.Node) error {
	reached, err := d.reach(roots...)
	if err != nil {
		return err
	}
	d.addSecuritySchemes(reached, roots)
	for key, value := range pairs(d.root) {
		switch key.Value {
		case "openapi", "info", "servers", "security":
			set(out.root, key.Value, clone(value))
		case "paths":
			set(out.root, key.Value, paths)
		case "components":
			set(out.root, key.Value, copyComponents(value, reached))
		}
	}
	return nil
}

func copyComponents(components *yaml.Node, reached map[component]bool) *yaml.Node {
	out := mapping()
	for section, members := range pairs(components) {
		kept := mapping()
		for name, node := range pairs(members) {
			if reached[component{section.Value, name.Value}] {
				set(kept, name.Value, clone(node))
			}
		}
		if len(kept.Content) > 0 {
			set(out, section.Value, kept)
		}
	}
	return out
}

// addSecuritySchemes marks the schemes that the document's and the operations' security names.
func (d *Document) addSecuritySchemes(reached map[component]bool, roots []*yaml.Node) {
	for _, holder := range append([]*yaml.Node{d.root}, roots...) {
		for _, requirement := range items(get(holder, "security")) {
			for scheme := range pairs(requirement) {
				reached[component{"securitySchemes", scheme.Value}] = true
			}
		}
	}
}

// DedupeParameters drops what stands twice in one operation's list of parameters,
// for instance after an overlay that adds one.
func (d *Document) DedupeParameters() {
	for _, op := range d.Operations() {
		dedupe(get(op.node, "parameters"))
	}
}

// Prune drops components that no operation needs any more, for instance after an
// overlay. A reference that dangles is an error.
func (d *Document) Prune() error {
	var roots []*yaml.Node
	for _, op := range d.Operations() {
		roots = append(roots, op.node)
	}
	reached, err := d.reach(roots...)
	if err != nil {
		return err
	}
	d.addSecuritySchemes(reached, roots)
	if components := get(d.root, "components"); components != nil {
		set(d.root, "components", copyComponents(components, reached))
	}
	return nil
}

func dedupe(parameters *yaml.Node) {
	if parameters == nil {
		return
	}
	var kept []*yaml.Node
	for _, p := range parameters.Content {
		if !contains(kept, p) {
			kept = append(kept, p)
		}
	}
	parameters.Content = kept
}

func contains(nodes []*yaml.Node, n *yaml.Node) bool {
	for _, other := range nodes {
		if _, differ := difference(other, n, nil); !differ {
			return true
		}
	}
	return false
}
