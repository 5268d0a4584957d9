package schema

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Plain proves values that are written as bare text: those of parameters and
// headers. The nil Plain proves nothing.
type Plain struct {
	node     *node
	provable bool
	schema   *Schema
}

// CompilePlain returns a proof for the schema. It proves nothing of values that have a
// notation of their own, such as arrays and objects.
func (ix *Index) CompilePlain(ref *openapi3.SchemaRef, effective *oas.Schema) *Plain {
	c := compiler{index: ix, modern: ix.isModern(ref)}
	n := c.node(effective, spot{})
	for i := range n.values {
		n.values[i].slot = noSlot // nothing is counted that a parameter shows
	}
	return &Plain{
		node:     n,
		provable: n.provable && (n.types == typeString || n.types == typeBool || n.types == typeInteger),
		schema:   &Schema{index: ix, firstOnly: PlainOptions()},
	}
}

// Holds tells whether the text is certainly right.
func (p *Plain) Holds(text string) bool {
	if p == nil || !p.provable || text == "" {
		return false
	}
	if p.node.types == typeBool {
		return text == "true" || text == "false"
	}
	if p.node.types == typeInteger {
		pr := prover{text: []byte(text)}
		return pr.number(p.node) && pr.pos == len(text)
	}
	quoted := strconv.Quote(text)
	pr := prover{text: []byte(quoted)}
	return len(quoted) == len(text)+2 && pr.string(p.node)
}

// Strict corrects what kin-openapi found in a value without a notation of its own by
// what it does not judge, or judges wrongly.
func (p *Plain) Strict(faults []Fault, text string) []Fault {
	if p == nil {
		return faults
	}
	w := strict{schema: p.schema}
	allowed := p.node.effective.Types
	switch {
	case allowed == nil || slices.Contains(allowed, openapi3.TypeString):
		w.walk([]*node{p.node}, text, "")
	case slices.Contains(allowed, openapi3.TypeInteger) || slices.Contains(allowed, openapi3.TypeNumber):
		if inexact(json.Number(text)) {
			faults = slices.DeleteFunc(faults, func(f Fault) bool { return strictKeywords[f.Keyword] })
		}
		w.walk([]*node{p.node}, json.Number(text), "")
	}
	return append(faults, w.faults...)
}

// PlainFaults takes an error of openapi3filter apart. at is the place of what it is
// about in the contract, actual the text that it is about.
func (ix *Index) PlainFaults(err error, at, actual string) []Fault {
	if err == nil {
		return nil
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		switch cause.(type) { //nolint:errorlint // the outermost holds the others
		case openapi3.MultiError, *openapi3.SchemaError:
			k := kin{index: ix, place: at, value: actual}
			k.add(cause, "")
			for i := range k.faults {
				k.faults[i].Pointer, k.faults[i].Actual = "", Window(actual, 0)
			}
			return k.faults
		}
	}
	return []Fault{unreadable(err, at, actual)}
}

// unreadable tells of a value that did not come to be judged by a schema.
func unreadable(err error, at, actual string) Fault {
	f := Fault{Kind: Violation, Keyword: "type", Spec: at, Actual: Window(actual, 0), Message: "the value cannot be read as declared"}
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		f.Keyword, f.Actual, f.Expected, f.Message = "required", "missing", "a value", "the value is required"
	case errors.Is(err, openapi3filter.ErrInvalidEmptyValue):
		f.Actual, f.Expected, f.Message = `""`, "a value", "the value is empty"
	default:
		var parse *openapi3filter.ParseError
		if errors.As(err, &parse) {
			f.Message = "the value cannot be read as declared: " + Window(parse.Reason, 0)
		}
	}
	return f
}

// TakesMember reports whether an object may have a member of this name.
func (p *Plain) TakesMember(name string) bool {
	views := p.node.views(nil, nil)
	return len(declarations(views, name)) > 0 || !isClosed(views)
}
