package trim

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Cut returns a document that contains the selected operations, at one version, and
// everything that they need. It does not change d. A missing operation, an unknown version
// and a dangling reference are errors; the error names it.
func Cut(d *oas.Document, sel Selection) (*oas.Document, error) {
	chosen, err := Choose(d, sel)
	if err != nil {
		return nil, err
	}
	budget := limits.New(cutLimits)
	paths, roots, err := cutPaths(d, chosen.Operations, chosen.Version, budget)
	if err != nil {
		return nil, err
	}
	root, err := copied(d, paths, roots, budget)
	if err != nil {
		return nil, err
	}
	out, err := d.WithRoot(root)
	if err != nil {
		return nil, err
	}
	if err := lift(out, budget); err != nil {
		return nil, err
	}
	if err := narrow(out); err != nil {
		return nil, err
	}
	if !sel.KeepProse {
		strip(out, sel.Extensions...)
	}
	return out, Prune(out)
}

// cutPaths copies the selected operations, at the selected version, below their paths.
func cutPaths(d *oas.Document, ops []*oas.Operation, version string, budget *limits.Budget) (paths *oas.Node, roots []*oas.Node, err error) {
	paths = oas.Mapping()
	for _, op := range ops {
		projected, err := project(d, op, version)
		if err != nil {
			return nil, nil, err
		}
		if err := spend(d, budget, projected, op.ShortName, oas.Join("/paths", op.Path)); err != nil {
			return nil, nil, err
		}
		node := oas.Clone(projected)
		if shared := oas.Get(op.Item(), "parameters"); shared != nil {
			mergeParameters(d, node, shared)
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

// mergeParameters appends the shared parameters of a path to those of the operation, which
// take precedence.
func mergeParameters(d *oas.Document, op, shared *oas.Node) {
	own := oas.Get(op, "parameters")
	if own == nil {
		own = oas.Sequence()
		oas.Set(op, "parameters", own)
	}
	taken := make(map[[2]string]bool)
	for _, p := range own.Content {
		taken[parameterKey(d, p)] = true
	}
	for _, p := range oas.Items(shared) {
		if !taken[parameterKey(d, p)] {
			own.Content = append(own.Content, oas.Clone(p))
		}
	}
}

// parameterKey returns the values that identify a parameter in a list: place and name.
func parameterKey(d *oas.Document, p *oas.Node) [2]string {
	if target, _, err := d.Follow(p, ""); err == nil { // reach reports the error
		p = target
	}
	return [2]string{oas.Text(oas.Get(p, "in")), oas.Text(oas.Get(p, "name"))}
}

// copied returns the root of the extracted document, in the order of the source. It
// contains the extracted paths, the components that they need, and the sections that every
// API has. References to parts of components and to other operations are replaced by their
// targets.
func copied(d *oas.Document, paths *oas.Node, roots []*oas.Node, budget *limits.Budget) (*oas.Node, error) {
	reached, err := reach(d, roots)
	if err != nil {
		return nil, err
	}
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
	return out, inline(d, out, nil, budget)
}

// reachedComponents returns the components that are reached. It does not copy them.
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

// DedupeParameters removes parameters that occur twice in an operation's list, which may
// happen if an overlay adds one.
func DedupeParameters(d *oas.Document) error {
	ops, err := d.Operations()
	for _, op := range ops {
		if parameters := oas.Get(op.Node(), "parameters"); parameters != nil {
			parameters.Content = distinct(parameters.Content)
		}
	}
	return err
}

// Prune removes components that no operation needs any more, which may happen after an
// overlay. It fails if a reference dangles.
func Prune(d *oas.Document) error {
	ops, err := d.Operations()
	if err != nil {
		return err
	}
	var roots []*oas.Node
	for _, op := range ops {
		roots = append(roots, op.Node())
	}
	reached, err := reach(d, roots)
	if err != nil {
		return err
	}
	if components := oas.Get(d.Root(), "components"); components != nil {
		oas.Set(d.Root(), "components", reachedComponents(components, reached))
		d.Forget()
	}
	return nil
}

// distinct returns the nodes without those that equal an earlier one.
func distinct(nodes []*oas.Node) []*oas.Node {
	seen := make(map[string]bool, len(nodes))
	return slices.DeleteFunc(slices.Clone(nodes), func(n *oas.Node) bool {
		value := oas.Canonical(n)
		again := seen[value]
		seen[value] = true
		return again
	})
}
