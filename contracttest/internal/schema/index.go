package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// Index knows where each schema of a document stands. It is safe for concurrent use:
// a foreign contract's operations are compiled while others are judged already.
type Index struct {
	mu       sync.RWMutex
	pointers map[*openapi3.Schema]string
	nodes    sync.Map // of *openapi3.Schema to *node, for the branches of failed unions
	is31     bool     // the document is OpenAPI 3.1
}

// NewIndex walks doc. A schema that several places share is known by its place
// under components.
func NewIndex(doc *openapi3.T) *Index {
	ix := &Index{pointers: map[*openapi3.Schema]string{}, is31: doc.IsOpenAPI31OrLater()}
	if c := doc.Components; c != nil {
		for _, name := range slices.Sorted(maps.Keys(c.Schemas)) {
			if ref := c.Schemas[name]; ref.Ref == "" && ref.Value != nil {
				ix.pointers[ref.Value] = Join("/components/schemas", name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(c.Schemas)) {
			if ref := c.Schemas[name]; ref.Ref == "" && ref.Value != nil {
				ix.children(ref.Value, Join("/components/schemas", name))
			}
		}
	}
	return ix
}

// Add makes the schema at pointer, and what is below it, known.
func (ix *Index) Add(ref *openapi3.SchemaRef, pointer string) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.add(ref, pointer)
}

func (ix *Index) add(ref *openapi3.SchemaRef, pointer string) {
	if ref == nil || ref.Value == nil || ref.Ref != "" {
		return
	}
	if _, known := ix.pointers[ref.Value]; known {
		return
	}
	ix.pointers[ref.Value] = pointer
	ix.children(ref.Value, pointer)
}

func (ix *Index) children(s *openapi3.Schema, at string) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		ix.add(s.Properties[name], Join(at+"/properties", name))
	}
	ix.add(s.Items, at+"/items")
	ix.add(s.Not, at+"/not")
	ix.add(s.AdditionalProperties.Schema, at+"/additionalProperties")
	for keyword, list := range map[string]openapi3.SchemaRefs{"allOf": s.AllOf, "oneOf": s.OneOf, "anyOf": s.AnyOf, "prefixItems": s.PrefixItems} {
		for i, ref := range list {
			ix.add(ref, at+"/"+keyword+"/"+strconv.Itoa(i))
		}
	}
}

// node returns the nodes of a schema that is looked at by itself.
func (ix *Index) node(s *openapi3.Schema) *node {
	if n, ok := ix.nodes.Load(s); ok {
		return n.(*node)
	}
	c := compiler{}
	n, _ := ix.nodes.LoadOrStore(s, c.node(s, spot{}))
	return n.(*node)
}

// Pointer gives the place of s as an RFC 6901 pointer into the document, "" when
// it is not known.
func (ix *Index) Pointer(s *openapi3.Schema) string {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.pointers[s]
}

// keyword gives the place of a keyword of s.
func (ix *Index) keyword(s *openapi3.Schema, keyword string) string {
	at := ix.Pointer(s)
	if at == "" || keyword == "" {
		return at
	}
	return at + "/" + keyword
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// Join appends tokens to a JSON pointer, escaped as RFC 6901 §3 asks.
func Join(pointer string, tokens ...string) string {
	var b strings.Builder
	b.WriteString(pointer)
	for _, token := range tokens {
		b.WriteByte('/')
		b.WriteString(pointerEscapes.Replace(token))
	}
	return b.String()
}
