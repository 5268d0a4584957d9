package trim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// parseJSON reads JSON by its own rules: YAML's flow style knows neither
// surrogate pairs nor tabs.
func parseJSON(data []byte) (*yaml.Node, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	root, err := jsonValue(dec, 0)
	if err != nil {
		return nil, fmt.Errorf("not valid JSON at byte %d: %w", dec.InputOffset(), cleanEOF(err))
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("not valid JSON: text after the document's end at byte %d", dec.InputOffset())
	}
	return root, nil
}

func cleanEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends early; was the download cut off?")
	}
	return err
}

func jsonValue(dec *json.Decoder, depth int) (*yaml.Node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		return jsonContainer(dec, t, depth)
	case string:
		return scalar(t), nil
	case json.Number:
		return number(t), nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(t)}, nil
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	}
}

func jsonContainer(dec *json.Decoder, open json.Delim, depth int) (*yaml.Node, error) {
	node := sequence()
	if open == '{' {
		node = mapping()
	}
	for dec.More() {
		child, err := jsonValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, child)
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	return node, checkKeys(node)
}

func number(n json.Number) *yaml.Node {
	tag := "!!float"
	if _, err := n.Int64(); err == nil {
		tag = "!!int"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: n.String()}
}
