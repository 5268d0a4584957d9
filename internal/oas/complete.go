package oas

import (
	"errors"
	"fmt"
)

// Complete returns an error if the document is visibly truncated or refers to other files:
// if an operation has no responses, which OpenAPI 3.0 requires, or a reference dangles or
// is external. A document that is truncated after its last operation looks complete.
func (d *Document) Complete() error {
	ops, err := d.Operations()
	if err != nil {
		return err
	}
	for _, op := range ops {
		if responses := Get(op.node, "responses"); !IsMapping(responses) && (responses != nil || !d.Is31()) {
			return d.incomplete(fmt.Errorf("%s (line %d) has no responses; %s", op, op.node.Line, d.last()))
		}
	}
	return References(d.root, "", func(r Reference) error {
		_, _, err := d.Target(r.Ref)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, ErrExternal):
			return fmt.Errorf("%s: at %s, line %d: %w", d.name, r.Pointer, r.At.Line, err)
		}
		return d.incomplete(fmt.Errorf("at %s, line %d: %w; %s", r.Pointer, r.At.Line, err, d.last()))
	})
}

// HasSections returns an error if a top-level section, such as servers or security, is
// missing. A section that every operation declares itself may be missing.
func (d *Document) HasSections(names ...string) error {
	ops, err := d.Operations()
	if err != nil {
		return err
	}
	for _, name := range names {
		if Get(d.root, name) != nil {
			continue
		}
		for _, op := range ops {
			if Get(op.node, name) == nil && Get(op.item, name) == nil {
				return d.incomplete(d.lacks(name))
			}
		}
	}
	return nil
}

// lacks returns the error of a document without a top-level key.
func (d *Document) lacks(key string) error {
	return fmt.Errorf("it has no %q at its top level; %s", key, d.last())
}

func (d *Document) incomplete(err error) error {
	return fmt.Errorf("%s: the document is not complete: %w", d.name, err)
}

// last describes the last node that was read.
func (d *Document) last() string {
	if len(d.root.Content) == 0 {
		return "nothing was read"
	}
	n, pointer := d.root, ""
	for n != nil && len(n.Content) > 0 {
		next := n.Content[len(n.Content)-1]
		if IsMapping(n) {
			pointer = Join(pointer, n.Content[len(n.Content)-2].Value)
		} else {
			pointer = Index(pointer, len(n.Content)-1)
		}
		n = next
	}
	return fmt.Sprintf("the last thing that was read is %s, line %d", pointer, n.Line)
}
