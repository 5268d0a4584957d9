package notation

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// rename gives components the contract's names. A name that another component
// keeps, or that several would get, goes to one of them; the others are variants.
func (a *aligner) rename() {
	a.applied = make(map[string]string)
	taken := make(map[string]bool)
	for have, want := range a.names {
		if have == want {
			taken[want] = true
		}
	}
	for _, have := range slices.Sorted(maps.Keys(a.names)) {
		want := a.names[have]
		if have == want {
			continue
		}
		_, moves := a.names[want]
		free := tree.Resolve(a.root, want) == nil || moves && a.names[want] != want
		if taken[want] || !free {
			a.variants = append(a.variants, variant{have, want})
			continue
		}
		taken[want] = true
		a.applied[have] = want
	}
	a.dropStuck()
	a.moveComponents()
	a.rewriteReferences(a.root)
	for i, v := range a.variants {
		if now := a.applied[v.at]; now != "" {
			a.variants[i].at = now
		}
	}
}

// dropStuck takes back renames onto a component that could not move away itself.
func (a *aligner) dropStuck() {
	for changed := true; changed; {
		changed = false
		for _, have := range slices.Sorted(maps.Keys(a.applied)) {
			want := a.applied[have]
			if tree.Resolve(a.root, want) != nil && a.applied[want] == "" {
				delete(a.applied, have)
				a.variants = append(a.variants, variant{have, want})
				changed = true
			}
		}
	}
}

func (a *aligner) moveComponents() {
	for section, members := range tree.Pairs(tree.Get(a.root, "components")) {
		for i := 0; members.Kind == yaml.MappingNode && i+1 < len(members.Content); i += 2 {
			key := members.Content[i]
			if want := a.applied[tree.Join("/components", section, key.Value)]; want != "" {
				steps := tree.Split(want)
				members.Content[i] = tree.Scalar(steps[len(steps)-1])
			}
		}
	}
}

func (a *aligner) rewriteReferences(n *yaml.Node) {
	if ref := tree.Get(n, "$ref"); ref != nil {
		a.rewrite(ref)
	}
	for _, target := range tree.Pairs(tree.At(n, "discriminator", "mapping")) {
		a.rewrite(target)
	}
	for _, child := range n.Content {
		a.rewriteReferences(child)
	}
}

func (a *aligner) rewrite(target *yaml.Node) {
	if want := a.applied[tree.ComponentPointer(target.Value)]; want != "" {
		target.Value = "#" + want
	}
}

// hoist makes components of what is written out, innermost first, so that equal
// ones are equal.
func (a *aligner) hoist() {
	var odd []written
	for i := len(a.written) - 1; i >= 0; i-- {
		w := a.written[i]
		present := tree.Resolve(a.root, w.component)
		switch {
		case present == w.node:
		case present == nil:
			a.add(w.component, w.node)
			refer(w.node, w.component)
		case equal(present, w.node):
			refer(w.node, w.component)
		default:
			odd = append(odd, w)
		}
	}
	pointers := make(map[*yaml.Node]string)
	record(a.root, "", pointers)
	for _, w := range odd {
		if at := pointers[w.node]; at != "" {
			a.variants = append(a.variants, variant{at, w.component})
		}
	}
}

// refer makes a reference of a node, which keeps its line.
func refer(n *yaml.Node, component string) {
	line, column := n.Line, n.Column
	*n = *reference("#" + component)
	n.Line, n.Column = line, column
}

func record(n *yaml.Node, pointer string, into map[*yaml.Node]string) {
	into[n] = pointer
	for key, value := range tree.Pairs(n) {
		record(value, tree.Join(pointer, key), into)
	}
	for i, item := range tree.Items(n) {
		record(item, tree.Index(pointer, i), into)
	}
}

func (a *aligner) add(component string, n *yaml.Node) {
	m := a.root
	steps := tree.Split(component)
	for _, step := range steps[:len(steps)-1] {
		next := tree.Get(m, step)
		if next == nil {
			next = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
			tree.Set(m, step, next)
		}
		m = next
	}
	copied := *n
	tree.Set(m, steps[len(steps)-1], &copied)
}
