package oas

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// MaxBytes is the largest document that is read: sixteen times the Atlas
// specification of 2026.
const MaxBytes = 64 << 20

// readLimits returns the bounds for a document of the given size in bytes. The Atlas
// specification of 2026 has 140,000 nodes in 4 MB, and OpenAPI documents are nested less
// than 40 levels deep. A node takes some 250 bytes.
func readLimits(size int) limits.Limits {
	return limits.Limits{Bytes: MaxBytes, Nodes: max(400_000, int64(size)/12), Depth: 200}
}

// Document is an OpenAPI 3 document as a tree that keeps the order and the lines of
// its source. Methods that only read may be called concurrently.
type Document struct {
	name string
	root *Node
	// size is the length of its text in bytes.
	size int
	// targets are the nodes of the references that were resolved.
	targets targets
}

// ParseFile reads the document in a file.
func ParseFile(name string) (*Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Parse(name, f)
}

// Parse reads an OpenAPI 3.0 or 3.1 document, YAML or JSON, of at most MaxBytes. Errors
// contain name.
func Parse(name string, r io.Reader) (*Document, error) {
	data, err := limits.New(readLimits(0)).ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return ParseBytes(name, data)
}

// ParseBytes is Parse for a document that is in memory.
func ParseBytes(name string, data []byte) (*Document, error) {
	return ParseContext(context.Background(), name, data)
}

// ParseContext is like ParseBytes, but returns soon after ctx is done.
func ParseContext(ctx context.Context, name string, data []byte) (*Document, error) {
	budget := limits.New(readLimits(len(data)))
	if err := budget.Bytes(int64(len(data))); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	root, err := parseTree(ctx, data, budget)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, notOpenAPI(name, err)
	}
	return newDocument(name, root, len(data))
}

// New returns a document for a tree, which the caller must not use afterwards. Aliases are
// expanded.
func New(name string, root *Node) (*Document, error) {
	return (&Document{name: name}).WithRoot(root)
}

// WithRoot returns a document for a tree, as New does, with the name and the bounds of d.
// The tree is a changed copy of d's tree, or a part of it.
func (d *Document) WithRoot(root *Node) (*Document, error) {
	root, err := expand(root, limits.New(readLimits(d.size)))
	if err != nil {
		return nil, notOpenAPI(d.name, err)
	}
	return newDocument(d.name, root, d.size)
}

func newDocument(name string, root *Node, size int) (*Document, error) {
	doc := &Document{name: name, root: root, size: size}
	if err := doc.check(); err != nil {
		return nil, notOpenAPI(name, err)
	}
	return doc, nil
}

func notOpenAPI(name string, err error) error {
	return fmt.Errorf("%s: not an OpenAPI document: %w", name, err)
}

// Name returns the document's name, for errors.
func (d *Document) Name() string { return d.name }

// Root returns the top-level mapping: the document's own tree, not a copy.
func (d *Document) Root() *Node { return d.root }

// Info returns a scalar of the info object, such as title or version, or "" if it is
// missing.
func (d *Document) Info(key string) string { return Text(At(d.root, "info", key)) }

// Is31 reports whether the document is OpenAPI 3.1, whose schemas are JSON Schema 2020-12.
func (d *Document) Is31() bool { return strings.HasPrefix(Text(Get(d.root, "openapi")), "3.1") }

// contextReader reads data until ctx is done.
type contextReader struct {
	canceled func() error // the Err method of a context
	data     *bytes.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.canceled(); err != nil {
		return 0, err
	}
	return r.data.Read(p[:min(len(p), 64<<10)])
}

func parseTree(ctx context.Context, data []byte, budget *limits.Budget) (*Node, error) {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return nil, errors.New("it is empty")
	case trimmed[0] == '<':
		return nil, errors.New("it looks like HTML or XML; was a web page or an error page saved in its place?")
	case trimmed[0] == '{':
		root, err := parseJSON(ctx, data, budget)
		if err == nil || budget.Err() != nil {
			return root, err
		}
		if root, yamlErr := parseYAML(ctx, data, limits.New(readLimits(len(data)))); yamlErr == nil { // YAML in flow style
			return root, nil
		}
		return nil, err
	}
	return parseYAML(ctx, data, budget)
}

// checkMarks refuses YAML that would have more nodes than the budget allows, before the
// library parses it. It counts the characters after which a node can begin.
func checkMarks(data []byte) error {
	estimate := limits.New(limits.Limits{Nodes: readLimits(len(data)).Nodes})
	marks := 0
	for _, b := range data {
		switch b {
		case '\n', ',', ':', '[', '{', '-', '?':
			marks++
		}
	}
	return estimate.Nodes(int64(marks))
}

func parseYAML(ctx context.Context, data []byte, budget *limits.Budget) (*Node, error) {
	if err := checkMarks(data); err != nil {
		return nil, err
	}
	dec := yaml.NewDecoder(contextReader{ctx.Err, bytes.NewReader(data)})
	var doc, second Node
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("invalid YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, errors.New("it is not a mapping")
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, fmt.Errorf("a second YAML document begins at line %d", second.Line)
	case !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("invalid YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return expand(doc.Content[0], budget)
}

var supportedVersion = regexp.MustCompile(`^3\.[01]\.\d+`)

func (d *Document) check() error {
	switch version := Get(d.root, "openapi"); {
	case !IsMapping(d.root):
		return errors.New("its top level is not a mapping")
	case Get(d.root, "swagger") != nil:
		return fmt.Errorf("it is Swagger %s; expected OpenAPI 3.0 or 3.1", Text(Get(d.root, "swagger")))
	case version == nil:
		return d.lacks("openapi")
	case !supportedVersion.MatchString(Text(version)):
		return fmt.Errorf("OpenAPI version %q is not supported; expected 3.0 or 3.1", Text(version))
	case !IsMapping(Get(d.root, "paths")) && !d.needsNoPaths():
		return d.lacks("paths")
	}
	return nil
}

// needsNoPaths reports whether the document may lack paths: OpenAPI 3.1 demands one
// of paths, components and webhooks.
func (d *Document) needsNoPaths() bool {
	return d.Is31() && Get(d.root, "paths") == nil && (Get(d.root, "webhooks") != nil || Get(d.root, "components") != nil)
}
