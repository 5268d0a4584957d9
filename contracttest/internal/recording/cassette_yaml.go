package recording

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decodeInteraction reads an interaction of a YAML cassette from YAML nodes. Decoding into
// Go values would compare each key of a mapping with every other one, which takes minutes
// for 80,000 headers.
func decodeInteraction(src Source, raw []byte, maxBody int) (*Exchange, error) {
	if err := checkNodes(raw); err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, yamlError(err, src.Line)
	}
	var i interaction
	if err := i.read(&doc); err != nil {
		return nil, yamlError(err, src.Line)
	}
	return i.exchange(src, maxBody)
}

// startOfResponse is the line after the request of an interaction, as go-vcr writes it.
var startOfResponse = regexp.MustCompile(`(?m)^ +response:`)

// decodeLargeInteraction returns a decoder for the first bytes of an interaction that is too
// large; its error is tooLarge.
func decodeLargeInteraction(tooLarge error) decoder {
	return func(src Source, raw []byte, maxBody int) (*Exchange, error) {
		if end := startOfResponse.FindIndex(raw); end != nil {
			raw = raw[:end[0]]
		}
		x, _ := decodeInteraction(src, raw, maxBody)
		return x, tooLarge
	}
}

var errNoMapping = errors.New("the interaction is not a YAML mapping")

// read decodes the interaction from a document that is a list with one item.
func (i *interaction) read(doc *yaml.Node) error {
	if doc.Kind != yaml.DocumentNode || doc.Content[0].Kind != yaml.SequenceNode || len(doc.Content[0].Content) != 1 {
		return errNoMapping
	}
	return members(doc.Content[0].Content[0], func(key string, value *yaml.Node) error {
		switch key {
		case "request":
			return members(value, i.Request.member)
		case "response":
			return members(value, i.Response.member)
		}
		return nil
	})
}

func (r *interactionRequest) member(key string, value *yaml.Node) (err error) {
	switch key {
	case "method":
		return value.Decode(&r.Method)
	case "url":
		return value.Decode(&r.URL)
	case "body":
		return value.Decode(&r.Body)
	case "headers":
		r.Headers, err = headers(value, "request.headers")
	}
	return err
}

func (r *interactionResponse) member(key string, value *yaml.Node) (err error) {
	switch key {
	case "code":
		return value.Decode(&r.Code)
	case "content_length":
		return value.Decode(&r.ContentLength)
	case "body":
		return value.Decode(&r.Body)
	case "headers":
		r.Headers, err = headers(value, "response.headers")
	}
	return err
}

// members visits the keys of a mapping. Null is an empty mapping.
func members(n *yaml.Node, visit func(key string, value *yaml.Node) error) error {
	n = target(n)
	if n.Kind != yaml.MappingNode {
		var mapping struct{}
		return n.Decode(&mapping) // nil for null, else an error that contains the kinds
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if err := visit(target(n.Content[i]).Value, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// headers reads a mapping of names with lists of values.
func headers(n *yaml.Node, place string) (map[string][]string, error) {
	read, count := map[string][]string{}, 0
	err := members(n, func(name string, values *yaml.Node) error {
		if count += max(1, len(target(values).Content)); count > MaxHeaders {
			return tooManyHeaders(place)
		}
		var list []string
		err := values.Decode(&list)
		read[name] = append(read[name], list...)
		return err
	})
	return read, err
}

// target returns the node that an alias refers to, or the node itself.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

var (
	yamlLine = regexp.MustCompile(`line (\d+): (.*)`)
	yamlType = regexp.MustCompile(`^cannot unmarshal (.*) into (\S+)`)
)

// yamlError changes the line of a YAML error from that in the item to that in the file, and
// describes the expected type in YAML's terms instead of Go's. If there are several errors,
// it keeps the first one.
func yamlError(err error, first int) error {
	m := yamlLine.FindStringSubmatch(err.Error())
	switch {
	case m == nil && strings.HasPrefix(err.Error(), "yaml: "):
		return fmt.Errorf("invalid YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	case m == nil:
		return err
	}
	n, _ := strconv.Atoi(m[1])
	reason := "invalid YAML: " + m[2]
	if t := yamlType.FindStringSubmatch(m[2]); t != nil {
		reason = fmt.Sprintf("unexpected %s, expected %s", t[1], yamlKind(t[2]))
	}
	return &placedError{line: first + n - 1, err: errors.New(reason)}
}

func yamlKind(goType string) string {
	switch {
	case strings.HasPrefix(goType, "int"):
		return "a whole number"
	case goType == "string":
		return "text"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	}
	return "a mapping"
}
