package oas

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Encode writes a tree as YAML in block style, indented by two spaces, in the order of the
// tree and without comments. Equal trees are encoded to equal bytes, regardless of the
// notation of their source.
func Encode(root *Node) ([]byte, error) {
	e := &encoder{room: pieceNodes}
	e.encode(root, 0)
	return e.out.Bytes(), e.err
}

// encoder writes a tree in pieces, because the library keeps an event of 250 bytes for each
// node that one call passes to it.
type encoder struct {
	out bytes.Buffer
	// piece contains the members of one mapping or sequence that are not written yet. room
	// is the number of nodes that it can still take.
	piece []*Node
	room  int
	err   error
}

// pieceNodes is the approximate number of nodes that one call passes to the library.
const pieceNodes = 2000

// encode writes a tree, indented for its nesting level.
func (e *encoder) encode(n *Node, level int) {
	switch {
	case !larger(n, pieceNodes):
		e.write(n, level)
	case IsMapping(n):
		for i := 0; i+1 < len(n.Content); i += 2 {
			e.member(n.Content[i], n.Content[i+1], level)
		}
		e.flush(Mapping(), level)
	default:
		for _, item := range n.Content {
			if !e.fits(item) {
				e.flush(Sequence(), level)
			}
		}
		e.flush(Sequence(), level)
	}
}

// member adds a member of a mapping to the piece. A large value is written by itself.
func (e *encoder) member(key, value *Node, level int) {
	if !larger(value, pieceNodes) || strings.Contains(key.Value, "\n") || len(key.Value) > maxSimpleKey {
		e.piece = append(e.piece, key)
		if !e.fits(value) {
			e.flush(Mapping(), level)
		}
		return
	}
	e.flush(Mapping(), level)
	e.write(Mapping(key, Mapping()), level)
	e.out.Truncate(e.out.Len() - len(" {}\n"))
	e.out.WriteByte('\n')
	e.encode(value, level+1)
}

// fits adds a node to the piece, and reports whether the piece can take more.
func (e *encoder) fits(n *Node) bool {
	e.piece = append(e.piece, n)
	e.room = atMost(n, e.room)
	return e.room > 0
}

// flush writes the piece as a mapping or a sequence.
func (e *encoder) flush(container *Node, level int) {
	if container.Content = e.piece; len(e.piece) > 0 {
		e.write(container, level)
	}
	e.piece, e.room = nil, pieceNodes
}

// maxSimpleKey is well below 128, the length from which on the library writes keys in
// another form.
const maxSimpleKey = 64

// larger reports whether a tree has more than the given number of nodes.
func larger(n *Node, nodes int) bool { return atMost(n, nodes) < 0 }

// atMost returns the given number minus the number of nodes of a tree; it is negative if
// the tree has more nodes.
func atMost(n *Node, nodes int) int {
	nodes--
	for i := 0; i < len(n.Content) && nodes >= 0; i++ {
		nodes = atMost(n.Content[i], nodes)
	}
	return nodes
}

// write writes a tree in one piece.
func (e *encoder) write(n *Node, level int) {
	if err := encodeWhole(&e.out, n, level); e.err == nil {
		e.err = err
	}
}

// encodeWhole writes a tree with one encoder, indented to its level.
func encodeWhole(out *bytes.Buffer, n *Node, level int) error {
	copied := Clone(n)
	plain(copied)
	var text bytes.Buffer
	enc := yaml.NewEncoder(&text)
	enc.SetIndent(2)
	if err := enc.Encode(copied); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	indent := bytes.Repeat([]byte("  "), level)
	for line := range bytes.Lines(text.Bytes()) {
		if len(line) > 1 { // an empty line is part of a text
			out.Write(indent)
		}
		out.Write(line)
	}
	return nil
}

// plain leaves the choice of style to the encoder, which quotes what would otherwise be
// read as another type, except texts such as 1e400.
func plain(n *Node) {
	n.Tag, n.Style = n.ShortTag(), 0
	if _, numeric := ParseDecimal(n.Value); numeric && n.Tag == "!!str" {
		n.Style = yaml.DoubleQuotedStyle
	}
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		plain(child)
	}
}
