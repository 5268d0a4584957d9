package schema

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Index compiles the schemas of one document for validation. Coverage and the check for
// undeclared members use the effective form of a schema (package oas); kin-openapi uses the
// written form. It is safe for concurrent use.
type Index struct {
	doc       *oas.Document
	maxValues int64

	mu       sync.Mutex
	reader   *oas.Reader
	made     map[written]*openapi3.Schema
	pointers map[*openapi3.Schema]string
	nodes    map[*openapi3.Schema]*node // errors of the branches of failed unions
	patterns patternCache
	enums    sync.Map // by *openapi3.Schema, enumTexts
	err      error    // the first error of the schema being compiled
}

// written is a schema in the form in which the document writes it. branchSelected omits its
// choice of branches; it is used for a branch that refers to the base that lists it.
type written struct {
	pointer        string
	branchSelected bool
}

// NewIndex returns the index of a document. Texts with more than maxValues JSON values are not
// validated.
func NewIndex(doc *oas.Document, maxValues int64) *Index {
	ix := &Index{doc: doc, maxValues: maxValues}
	ix.reset()
	return ix
}

// reset discards all compiled schemas, because some may contain errors.
func (ix *Index) reset() {
	ix.reader, ix.err = ix.doc.Reader(), nil
	ix.reader.AsWritten = true
	ix.made, ix.pointers, ix.nodes = map[written]*openapi3.Schema{}, map[*openapi3.Schema]string{}, map[*openapi3.Schema]*node{}
}

// Operation computes an operation's effective form and calls build with it. Errors are those
// of the document: a dangling reference, or an invalid schema.
func (ix *Index) Operation(op *oas.Operation, version string, build func(*oas.Effective)) error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	effective, err := ix.reader.Messages(op, version)
	if err == nil {
		build(effective)
		err = ix.err
	}
	if err != nil {
		ix.reset()
	}
	return err
}

// Schema compiles the schema at a pointer.
func (ix *Index) Schema(pointer string, d Direction) (*Schema, error) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	effective, err := ix.reader.Schema(pointer)
	if err != nil {
		return nil, err
	}
	s := ix.Compile(pointer, effective, d)
	return s, ix.err
}

// Written returns the schema at a pointer in the form of kin-openapi. It is called while
// an operation is built.
func (ix *Index) Written(pointer string) *openapi3.SchemaRef {
	return ix.reference(oas.Resolve(ix.doc.Root(), pointer), pointer)
}

func (ix *Index) fail(pointer string, n *oas.Node, format string, args ...any) {
	if ix.err == nil {
		ix.err = fmt.Errorf("%s: at %s, line %d: %w", ix.doc.Name(), pointer, n.Line, fmt.Errorf(format, args...))
	}
}

// reference returns the schema at a place, or the schema that the reference there refers
// to.
func (ix *Index) reference(n *oas.Node, pointer string) *openapi3.SchemaRef {
	if oas.Ref(n) == "" || ix.hasSiblings(n) {
		return &openapi3.SchemaRef{Value: ix.schema(n, pointer, false)}
	}
	target, at, err := ix.follow(n, pointer)
	if err != nil {
		ix.fail(pointer, n, "%w", err)
		return &openapi3.SchemaRef{Value: &openapi3.Schema{}}
	}
	return &openapi3.SchemaRef{Ref: refTo(at, false), Value: ix.schema(target, at, false)}
}

// maxReferences bounds a chain of references.
const maxReferences = 100

// follow follows references to a schema that is not a reference, or that has keywords next
// to $ref.
func (ix *Index) follow(n *oas.Node, pointer string) (*oas.Node, string, error) {
	for range maxReferences {
		ref := oas.Ref(n)
		if ref == "" || ix.hasSiblings(n) {
			return n, pointer, nil
		}
		var err error
		if n, pointer, err = ix.doc.Target(ref); err != nil {
			return nil, pointer, err
		}
	}
	return nil, pointer, oas.ErrLoop
}

// hasSiblings reports whether keywords next to $ref count, as they do in OpenAPI 3.1.
func (ix *Index) hasSiblings(n *oas.Node) bool { return ix.doc.Is31() && len(n.Content) > 2 }

// refTo returns a name by which kin-openapi compares the branches of a mapping and of a union.
func refTo(pointer string, branchSelected bool) string {
	return "#" + pointer + " " + strconv.FormatBool(branchSelected)
}

func (ix *Index) schema(n *oas.Node, pointer string, branchSelected bool) *openapi3.Schema {
	key := written{pointer, branchSelected}
	if s := ix.made[key]; s != nil {
		return s
	}
	s := &openapi3.Schema{AllowEmptyValue: markNotEmpty}
	ix.made[key] = s
	ix.pointers[s] = pointer
	switch {
	case n == nil:
	case oas.IsMapping(n):
		for keyword, value := range oas.Pairs(n) {
			ix.keyword(s, keyword, value, oas.Join(pointer, keyword))
		}
		ix.choice(s, n, pointer, branchSelected)
		ix.null(s)
	default:
		always := ix.boolean(n, pointer)
		s.Always = &always
	}
	return s
}

// markNotEmpty is the value of a field that has no effect on JSON. Without the field,
// kin-openapi treats a schema as empty if all schemas in it are empty. kin-openapi accepts
// every value for an empty schema, even for not: {}, and never stops following an empty
// schema that contains itself.
const markNotEmpty = true

// null corrects kin-openapi's treatment of null. A schema that is not nullable allows null if
// its type, its enum, its not and its branches all allow it. A missing type allows null like
// all other values. An enum allows it only if it lists null, in OpenAPI 3.1 even next to a
// type that includes null.
func (ix *Index) null(s *openapi3.Schema) {
	listed := s.Enum == nil || slices.Contains(s.Enum, nil)
	if ix.doc.Is31() && !listed {
		s.Type = withoutNull(s.Type)
	}
	if s.Nullable {
		return
	}
	allowed := listed && (s.Type == nil || s.Type.IncludesNull())
	if !isComposed(s) {
		s.Nullable = allowed && (s.Not == nil || s.Not.Value.VisitJSON(nil) != nil)
		return
	}
	branches := *s
	branches.Type = nil
	if accepted := branches.VisitJSON(nil) == nil; s.Type != nil && accepted != allowed || accepted && !listed {
		beside := &openapi3.Schema{Type: s.Type, Enum: s.Enum, AllowEmptyValue: markNotEmpty}
		ix.pointers[beside] = ix.pointers[s]
		s.AllOf = append(s.AllOf, &openapi3.SchemaRef{Value: beside})
		if allowed {
			s.Type = nil // kin-openapi would not validate null by the branches
		}
	}
}

// withoutNull returns types without null, which kin-openapi accepts even if an enum next to
// the types does not list it.
func withoutNull(types *openapi3.Types) *openapi3.Types {
	if types == nil {
		return nil
	}
	rest := slices.DeleteFunc(slices.Clone(*types), func(name string) bool { return name == openapi3.TypeNull })
	return &rest
}

// choice completes the union of a schema: its discriminator gets every branch of the
// document, whether the document lists it, maps it or lets it inherit the base.
func (ix *Index) choice(s *openapi3.Schema, n *oas.Node, pointer string, branchSelected bool) {
	d := oas.Get(n, "discriminator")
	if branchSelected {
		s.OneOf, s.AnyOf = nil, nil
		return
	}
	if d == nil || ix.err != nil {
		return
	}
	effective, err := ix.reader.Schema(pointer)
	if err != nil {
		ix.err = err
		return
	}
	u := effective.Union
	if u == nil || u.Property == "" {
		return
	}
	s.Discriminator = &openapi3.Discriminator{PropertyName: u.Property, Mapping: map[string]openapi3.MappingRef{}}
	listed := len(slices.Concat(s.OneOf, s.AnyOf)) > 0
	for _, b := range u.Branches {
		at := b.Schema.At.Pointer
		base := at == pointer
		ref := &openapi3.SchemaRef{Ref: refTo(at, base), Value: ix.schema(oas.Resolve(ix.doc.Root(), at), at, base)}
		if b.Value != "" {
			s.Discriminator.Mapping[b.Value] = openapi3.MappingRef{Ref: ref.Ref}
		}
		if !listed && !slices.ContainsFunc(s.OneOf, func(other *openapi3.SchemaRef) bool { return other.Ref == ref.Ref }) {
			s.OneOf = append(s.OneOf, ref)
		}
	}
}

// parts returns the members of allOf. If a base lists the schema among its branches, its
// form without the choice is used, because the branch is already selected.
func (ix *Index) parts(list *oas.Node, pointer string) openapi3.SchemaRefs {
	var parts openapi3.SchemaRefs
	for i, n := range oas.Items(list) {
		at := oas.Index(pointer, i)
		target, targetAt, err := ix.doc.Follow(n, at)
		if err == nil && oas.Get(target, "discriminator") != nil && !ix.hasSiblings(n) && ix.isBranch(target, targetAt, pointer[:len(pointer)-len("/allOf")]) {
			parts = append(parts, &openapi3.SchemaRef{Ref: refTo(targetAt, true), Value: ix.schema(target, targetAt, true)})
			continue
		}
		parts = append(parts, ix.reference(n, at))
	}
	return parts
}

// isBranch reports whether the schema at a pointer is a branch of the base, or would
// inherit a choice of branches that does not list it.
func (ix *Index) isBranch(base *oas.Node, baseAt, pointer string) bool {
	lists := slices.Concat(oas.Items(oas.Get(base, "oneOf")), oas.Items(oas.Get(base, "anyOf")))
	if len(lists) == 0 {
		return true
	}
	for _, n := range lists {
		if _, at, err := ix.doc.Follow(n, baseAt); err == nil && at == pointer {
			return true
		}
	}
	return false
}

func (ix *Index) list(n *oas.Node, pointer string) openapi3.SchemaRefs {
	var list openapi3.SchemaRefs
	for i, item := range oas.Items(n) {
		list = append(list, ix.reference(item, oas.Index(pointer, i)))
	}
	return list
}

func (ix *Index) named(n *oas.Node, pointer string) openapi3.Schemas {
	all := openapi3.Schemas{}
	for name, member := range oas.Pairs(n) {
		all[name] = ix.reference(member, oas.Join(pointer, name))
	}
	return all
}

var errNotSchema = errors.New("not a schema")

// Pointer returns the place of s as an RFC 6901 pointer into the document, "" if it is not
// known.
func (ix *Index) Pointer(s *openapi3.Schema) string {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	return ix.pointers[s]
}

// place returns the place of a keyword of s.
func (ix *Index) place(s *openapi3.Schema, keyword string) string {
	at := ix.Pointer(s)
	if at == "" || keyword == "" {
		return at
	}
	return at + "/" + keyword
}

// isImplicit reports whether the discriminator of a union lists no values.
func (ix *Index) isImplicit(s *openapi3.Schema) bool {
	n := oas.Resolve(ix.doc.Root(), ix.Pointer(s))
	return n != nil && oas.At(n, "discriminator", "mapping") == nil
}

// node returns the node of a branch that is validated separately.
func (ix *Index) node(s *openapi3.Schema) *node {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if n := ix.nodes[s]; n != nil {
		return n
	}
	n := &node{schema: s}
	if effective, err := ix.reader.Schema(ix.pointers[s]); err == nil {
		c := compiler{index: ix}
		n = c.node(effective, spot{})
	}
	ix.nodes[s] = n
	return n
}

// sortedNames returns the keys of a map, sorted.
func sortedNames[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
