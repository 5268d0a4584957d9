package oas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// parseJSON reads JSON with a JSON decoder, because YAML's flow style supports neither
// surrogate pairs nor tabs.
func parseJSON(ctx context.Context, data []byte, budget *limits.Budget) (*Node, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := &jsonReader{Decoder: json.NewDecoder(contextReader{ctx.Err, bytes.NewReader(data)}), data: data, budget: budget, line: 1}
	r.UseNumber()
	root, err := r.value(0)
	if err != nil {
		return nil, fmt.Errorf("invalid JSON at byte %d: %w", r.InputOffset(), cleanEOF(err))
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("invalid JSON: text after the end of the document at byte %d", r.InputOffset())
	}
	return root, nil
}

func cleanEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends early; was the download cut off?")
	}
	return err
}

// jsonReader creates nodes from tokens, and counts the lines of data.
type jsonReader struct {
	*json.Decoder
	data   []byte
	budget *limits.Budget
	// line is the line at offset at, start the offset where that line begins.
	line, start, at int
}

func (r *jsonReader) value(depth int) (*Node, error) {
	if err := errors.Join(r.budget.Nodes(1), r.budget.Depth(depth)); err != nil {
		return nil, limits.At(err, "", fmt.Sprintf("line %d", r.line))
	}
	token, err := r.Token()
	if err != nil {
		return nil, err
	}
	node := jsonScalar(token)
	open, isContainer := token.(json.Delim)
	if isContainer && open == '{' {
		node = Mapping()
	} else if isContainer {
		node = Sequence()
	}
	node.Line, node.Column = r.position()
	if isContainer {
		err = r.fill(node, depth)
	}
	return node, err
}

// position returns the line and column, from 1, of the last byte that was read.
func (r *jsonReader) position() (line, column int) {
	end := int(r.InputOffset())
	for ; r.at < end; r.at++ {
		if r.data[r.at] == '\n' {
			r.line++
			r.start = r.at + 1
		}
	}
	return r.line, end - r.start
}

// fill reads a container's content up to its closing bracket.
func (r *jsonReader) fill(node *Node, depth int) error {
	for r.More() {
		child, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		node.Content = append(node.Content, child)
	}
	if _, err := r.Token(); err != nil {
		return err
	}
	return checkKeys(node)
}

func jsonScalar(token json.Token) *Node {
	switch t := token.(type) {
	case string:
		return &Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: t, Style: yaml.DoubleQuotedStyle}
	case json.Number:
		tag := "!!float"
		if _, err := t.Int64(); err == nil {
			tag = "!!int"
		}
		return &Node{Kind: yaml.ScalarNode, Tag: tag, Value: t.String()}
	case bool:
		return &Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(t)}
	default:
		return &Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
}
