package trim

import "go.yaml.in/yaml/v3"

// Root gives the document's top-level mapping. Its nodes keep the line and column
// that they were read from, also through Cut. It is the document's own tree, not a
// copy.
func (d *Document) Root() *yaml.Node { return d.root }

// Node gives the operation's own mapping in the document that it was listed from.
func (o Operation) Node() *yaml.Node { return o.node }
