package trim

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Encode writes the document as YAML: block style, two spaces, the order of the
// source, no comments. The same document gives the same bytes, from whatever
// notation it was read.
func (d *Document) Encode() ([]byte, error) {
	root := oas.Clone(d.Root())
	plain(root)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name(), err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name(), err)
	}
	return out.Bytes(), nil
}

// plain leaves the choice of style to the encoder, which quotes what would
// otherwise be read as another type.
func plain(n *oas.Node) {
	if n.Kind == yaml.ScalarNode {
		n.Tag = n.ShortTag()
	}
	n.Style = 0
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		plain(child)
	}
}
