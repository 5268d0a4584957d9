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

// Plain proves that values of parameters and headers, which are plain text instead of JSON,
// are valid. A nil Plain proves nothing.
type Plain struct {
	node     *node
	provable bool
	schema   *Schema
}

// CompilePlain compiles the schema. The result proves nothing about values with their own
// notation, such as arrays and objects.
func (ix *Index) CompilePlain(ref *openapi3.SchemaRef, effective *oas.Schema) *Plain {
	c := compiler{index: ix, modern: ix.isModern(ref)}
	n := c.node(effective, spot{})
	for i := range n.values {
		n.values[i].coverageItem = noCoverageItem // parameters do not count toward coverage
	}
	return &Plain{
		node:     n,
		provable: n.provable && (n.types == typeString || n.types == typeBool || n.types == typeInteger),
		schema:   &Schema{index: ix, firstOnly: PlainOptions()},
	}
}

// Proves reports whether the text is certainly valid.
func (p *Plain) Proves(text string) bool {
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

// CorrectFailures corrects kin-openapi's failures of a value without its own notation: it adds the
// checks that kin-openapi lacks and removes wrong failures.
func (p *Plain) CorrectFailures(failures []Failure, text string) []Failure {
	if p == nil {
		return failures
	}
	w := strict{schema: p.schema}
	allowed := p.node.effective.Types
	switch {
	case allowed == nil || slices.Contains(allowed, openapi3.TypeString):
		w.walk(p.node, text, &location{})
	case slices.Contains(allowed, openapi3.TypeInteger) || slices.Contains(allowed, openapi3.TypeNumber):
		if inexact(json.Number(text)) {
			failures = slices.DeleteFunc(failures, func(f Failure) bool { return strictKeywords[f.Keyword] })
		}
		w.walk(p.node, json.Number(text), &location{})
	}
	return append(failures, w.failures...)
}

// PlainFailures converts an error of openapi3filter. at is the place of the parameter or
// header in the contract, actual its text.
func (ix *Index) PlainFailures(err error, at, actual string) []Failure {
	if err == nil {
		return nil
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		switch cause.(type) { //nolint:errorlint // the outermost error contains the others
		case openapi3.MultiError, *openapi3.SchemaError:
			k := kin{index: ix, place: at, value: actual}
			k.add(cause, "")
			for i := range k.failures {
				k.failures[i].Pointer, k.failures[i].Actual = "", Window(actual, 0)
			}
			return k.failures
		}
	}
	return []Failure{unreadable(err, at, actual)}
}

// unreadable returns the failure of a value that could not be parsed, so that no schema was
// applied.
func unreadable(err error, at, actual string) Failure {
	f := Failure{Kind: Violation, Keyword: "type", Spec: at, Actual: Window(actual, 0), Message: "the value cannot be read as declared"}
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
	applicable := p.node.applicable(nil, (*union).possible, nil)
	return len(declarations(applicable, name)) > 0 || !isClosed(applicable)
}
