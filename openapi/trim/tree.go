package trim

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Root gives the document's top-level mapping. Its nodes keep the line and column
// that they were read from, also through Cut. It is the document's own tree, not a
// copy.
func (d *Document) Root() *yaml.Node { return d.root }

// Node gives the operation's own mapping in the document that it was listed from.
func (o Operation) Node() *yaml.Node { return o.node }

// WithRoot makes a document of a tree, which it takes over, as if it had been parsed
// under d's name: it has to be an OpenAPI document with plain, unique keys.
func (d *Document) WithRoot(root *yaml.Node) (*Document, error) {
	root, err := expand(root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.name, err)
	}
	out := &Document{name: d.name, root: root}
	if err := out.check(); err != nil {
		return nil, fmt.Errorf("%s: no OpenAPI document: %w", d.name, err)
	}
	return out, nil
}
