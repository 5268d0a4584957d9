package oas

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// Encode writes a tree as YAML: block style, two spaces, the order of the tree, no
// comments. Equal trees give equal bytes, whatever notation they were read from. It
// changes the styles of the tree.
func Encode(root *Node) ([]byte, error) {
	plain(root)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, err
	}
	err := enc.Close()
	return out.Bytes(), err
}

// plain leaves the choice of style to the encoder, which quotes what would otherwise be
// read as another type.
func plain(n *Node) {
	if n.Kind == yaml.ScalarNode {
		n.Tag = n.ShortTag()
	}
	n.Style = 0
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		plain(child)
	}
}
