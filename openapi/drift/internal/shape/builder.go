package shape

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// maxSchemas bounds how many schemas one document may put together; the contract has 80.
const maxSchemas = 10_000

// builder makes shapes of one document's nodes. The first error stays; what is built
// after it means nothing.
type builder struct {
	name    string
	root    *yaml.Node
	origins Origins
	// schemas holds what is built already, by the pointers of its parts, so that a
	// schema that contains itself ends.
	schemas map[string]*Schema
	// siblings tells that keywords beside $ref count, as in OpenAPI 3.1.
	siblings bool
	err      error
}

// Options say how to read a document.
type Options struct {
	// Name is what errors call the document.
	Name string
	// Version is the resource version that the document is cut to.
	Version string
	// Origins are where the document's nodes were first read from; nil takes the
	// lines of the nodes themselves.
	Origins Origins
}

// Build gives the shapes of all operations in a document, in the order of the
// source. A reference that dangles, a loop of references and a document that
// expands to too much are errors.
func Build(root *yaml.Node, o Options) ([]*Operation, error) {
	if o.Origins == nil {
		o.Origins = OriginsOf(root)
	}
	b := &builder{name: o.Name, root: root, origins: o.Origins, schemas: make(map[string]*Schema)}
	b.siblings = strings.HasPrefix(tree.Text(tree.Get(root, "openapi")), "3.1")
	var ops []*Operation
	for path, item := range tree.Pairs(tree.Get(root, "paths")) {
		for method, node := range tree.Pairs(item) {
			if isMethod(method) {
				ops = append(ops, b.operation(path, method, o.Version, item, node))
			}
		}
	}
	return ops, b.err
}

// fail keeps the first error.
func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf("%s: %w", b.name, fmt.Errorf(format, args...))
	}
}

var errTooMuch = errors.New("its schemas expand to too much")

// place finds where a node of the document was first read from.
func (b *builder) place(pointer string) Place { return b.origins.place(pointer) }

// item is a keyword's value as canonical JSON, with its place.
func (b *builder) item(n *yaml.Node, pointer string) Item {
	return Item{Value: canonical(n), At: b.place(pointer)}
}

// deref follows references from a node that is no schema: a parameter, a body, an
// answer, a header.
func (b *builder) deref(n *yaml.Node, pointer string) (*yaml.Node, string) {
	seen := map[*yaml.Node]bool{}
	for {
		ref := tree.Text(tree.Get(n, "$ref"))
		if ref == "" {
			return n, pointer
		}
		if seen[n] {
			b.fail("reference %q is part of a loop of references", ref)
			return nil, pointer
		}
		seen[n] = true
		n, pointer = b.target(ref)
		if n == nil {
			return nil, pointer
		}
	}
}

// target gives the node that a reference names, and its pointer.
func (b *builder) target(ref string) (*yaml.Node, string) {
	pointer := tree.ComponentPointer(ref)
	n := tree.Resolve(b.root, pointer)
	if pointer == "" || n == nil {
		b.fail("reference %q dangles: the document has no such component", ref)
		return nil, pointer
	}
	return n, pointer
}

// proseKeys are the keywords that explain and don't bind.
var proseKeys = []string{"summary", "description", "title", "example", "examples", "externalDocs", "tags"}

func (b *builder) prose(into map[string]Item, n *yaml.Node, pointer string) map[string]Item {
	for _, key := range proseKeys {
		value := tree.Get(n, key)
		if value == nil {
			continue
		}
		if _, taken := into[key]; taken {
			continue
		}
		if into == nil {
			into = make(map[string]Item)
		}
		into[key] = b.item(value, tree.Join(pointer, key))
	}
	return into
}
