package trim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MaxBytes is the largest document that is read: sixteen times the Atlas
// specification of 2026.
const MaxBytes = 64 << 20

// Document is an OpenAPI 3 document as a tree that remembers the order of its source.
type Document struct {
	name string
	root *yaml.Node
}

// ParseFile reads the document in the file called name.
func ParseFile(name string) (*Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Parse(name, f)
}

// Parse reads an OpenAPI 3 document, YAML or JSON, of at most MaxBytes. name is
// what errors call it.
func Parse(name string, r io.Reader) (*Document, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return ParseBytes(name, data)
}

// ParseBytes is Parse for a document that is already in memory.
func ParseBytes(name string, data []byte) (*Document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%s: larger than %d MB, the most that is read", name, MaxBytes>>20)
	}
	root, err := parseTree(data)
	if err != nil {
		return nil, fmt.Errorf("%s: no OpenAPI document: %w", name, err)
	}
	doc := &Document{name: name, root: root}
	if err := doc.check(); err != nil {
		return nil, fmt.Errorf("%s: no OpenAPI document: %w", name, err)
	}
	return doc, nil
}

// Name is what the document was called when it was parsed.
func (d *Document) Name() string { return d.name }

// Info gives a scalar of the document's info object, such as title, version or
// x-xgen-sha; "" when it is not there.
func (d *Document) Info(key string) string {
	return text(get(get(d.root, "info"), key))
}

func parseTree(data []byte) (*yaml.Node, error) {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return nil, errors.New("it is empty")
	case trimmed[0] == '<':
		return nil, errors.New("it looks like HTML or XML; was a web page or an error page saved in its place?")
	case trimmed[0] == '{':
		return parseJSON(trimmed)
	}
	return parseYAML(data)
}

func parseYAML(data []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("not valid YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, errors.New("it holds no mapping")
	}
	return expand(doc.Content[0])
}

var supportedVersion = regexp.MustCompile(`^3\.[01]\.\d+`)

func (d *Document) check() error {
	switch {
	case d.root.Kind != yaml.MappingNode:
		return errors.New("its top level is no mapping")
	case get(d.root, "swagger") != nil:
		return fmt.Errorf("it is Swagger %s; OpenAPI 3.0 or 3.1 is needed", text(get(d.root, "swagger")))
	case get(d.root, "openapi") == nil:
		return errors.New(`it has no "openapi" key at its top level`)
	case !supportedVersion.MatchString(text(get(d.root, "openapi"))):
		return fmt.Errorf("OpenAPI version %q is not supported; 3.0 or 3.1 is needed", text(get(d.root, "openapi")))
	case get(d.root, "paths") == nil || get(d.root, "paths").Kind != yaml.MappingNode:
		return errors.New(`it has no "paths"`)
	}
	return nil
}
