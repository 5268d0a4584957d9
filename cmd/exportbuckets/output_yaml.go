package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// yamlList writes the list that jsonList writes, as YAML.
type yamlList struct {
	out   *bufio.Writer
	count int
}

func (l *yamlList) add(b *client.ExportBucket) error {
	node, err := bucketYAML(b)
	if err != nil {
		return err
	}
	if l.count == 0 {
		_, _ = l.out.WriteString("results:\n") // the next write returns the error
	}
	l.count++
	return writeYAML(l.out, &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{node}})
}

func (l *yamlList) flush() error { return l.out.Flush() }

func (l *yamlList) end(total int) error {
	if l.count == 0 {
		_, _ = l.out.WriteString("results: []\n")
	}
	fmt.Fprintf(l.out, "totalCount: %d\n", total)
	return l.out.Flush()
}

// bucketYAML returns a bucket's JSON as a YAML node, in the same order.
func bucketYAML(b *client.ExportBucket) (*yaml.Node, error) {
	data, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return yamlNode(dec, 0)
}

// yamlNode reads the next JSON value, at the given depth. The client's JSON decoder bounds
// the depth; deeply nested parts are written on one line.
func yamlNode(dec *json.Decoder, depth int) (*yaml.Node, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		node := &yaml.Node{Kind: yaml.MappingNode}
		if v == '[' {
			node.Kind = yaml.SequenceNode
		}
		if depth > deepestIndent {
			node.Style = yaml.FlowStyle
		}
		for dec.More() {
			item, err := yamlNode(dec, depth+1) // a member's name is read like a value
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, item)
		}
		_, err = dec.Token() // the closing delimiter
		return node, err
	case string:
		return yamlText(v), nil
	case json.Number:
		tag := "!!int"
		if strings.ContainsAny(v.String(), ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: v.String()}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}, nil
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	}
}

// yamlText returns a node for a string that YAML does not read as another type. Unprintable
// characters need double quotes, because only these have escapes.
func yamlText(s string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

func writeYAML(out io.Writer, node *yaml.Node) error {
	var text strings.Builder
	enc := yaml.NewEncoder(&text)
	enc.SetIndent(2)
	if err := enc.Encode(node); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(out, escapeUnprintable(text.String(), yamlEscape))
	return err
}

func yamlEscape(r rune) string {
	if r > 0xffff {
		return fmt.Sprintf(`\U%08X`, r)
	}
	return fmt.Sprintf(`\u%04X`, r)
}
