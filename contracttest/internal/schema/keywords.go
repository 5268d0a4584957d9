package schema

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// fields returns the field of kin-openapi's schema for each keyword that has one of its own.
// The type of the field determines how the keyword is read.
var fields = map[string]func(s *openapi3.Schema) any{
	"additionalProperties":  func(s *openapi3.Schema) any { return &s.AdditionalProperties },
	"anyOf":                 func(s *openapi3.Schema) any { return &s.AnyOf },
	"contains":              func(s *openapi3.Schema) any { return &s.Contains },
	"contentSchema":         func(s *openapi3.Schema) any { return &s.ContentSchema },
	"dependentSchemas":      func(s *openapi3.Schema) any { return &s.DependentSchemas },
	"else":                  func(s *openapi3.Schema) any { return &s.Else },
	"exclusiveMaximum":      func(s *openapi3.Schema) any { return &s.ExclusiveMax },
	"exclusiveMinimum":      func(s *openapi3.Schema) any { return &s.ExclusiveMin },
	"format":                func(s *openapi3.Schema) any { return &s.Format },
	"if":                    func(s *openapi3.Schema) any { return &s.If },
	"maxContains":           func(s *openapi3.Schema) any { return &s.MaxContains },
	"maxItems":              func(s *openapi3.Schema) any { return &s.MaxItems },
	"maxLength":             func(s *openapi3.Schema) any { return &s.MaxLength },
	"maxProperties":         func(s *openapi3.Schema) any { return &s.MaxProps },
	"maximum":               func(s *openapi3.Schema) any { return &s.Max },
	"minContains":           func(s *openapi3.Schema) any { return &s.MinContains },
	"minItems":              func(s *openapi3.Schema) any { return &s.MinItems },
	"minLength":             func(s *openapi3.Schema) any { return &s.MinLength },
	"minProperties":         func(s *openapi3.Schema) any { return &s.MinProps },
	"minimum":               func(s *openapi3.Schema) any { return &s.Min },
	"multipleOf":            func(s *openapi3.Schema) any { return &s.MultipleOf },
	"not":                   func(s *openapi3.Schema) any { return &s.Not },
	"oneOf":                 func(s *openapi3.Schema) any { return &s.OneOf },
	"pattern":               func(s *openapi3.Schema) any { return &s.Pattern },
	"patternProperties":     func(s *openapi3.Schema) any { return &s.PatternProperties },
	"prefixItems":           func(s *openapi3.Schema) any { return &s.PrefixItems },
	"properties":            func(s *openapi3.Schema) any { return &s.Properties },
	"propertyNames":         func(s *openapi3.Schema) any { return &s.PropertyNames },
	"readOnly":              func(s *openapi3.Schema) any { return &s.ReadOnly },
	"required":              func(s *openapi3.Schema) any { return &s.Required },
	"then":                  func(s *openapi3.Schema) any { return &s.Then },
	"unevaluatedItems":      func(s *openapi3.Schema) any { return &s.UnevaluatedItems },
	"unevaluatedProperties": func(s *openapi3.Schema) any { return &s.UnevaluatedProperties },
	"uniqueItems":           func(s *openapi3.Schema) any { return &s.UniqueItems },
	"writeOnly":             func(s *openapi3.Schema) any { return &s.WriteOnly },
}

// keyword writes one keyword of a schema in the form of kin-openapi. Keywords without an
// effect are skipped.
func (ix *Index) keyword(s *openapi3.Schema, keyword string, n *oas.Node, at string) {
	of := fields[keyword]
	if of == nil {
		ix.special(s, keyword, n, at)
		return
	}
	switch field := of(s).(type) {
	case **openapi3.SchemaRef:
		*field = ix.reference(n, at)
	case *openapi3.SchemaRefs:
		*field = ix.list(n, at)
	case *openapi3.Schemas:
		*field = ix.named(n, at)
	case *openapi3.BoolSchema:
		*field = ix.boolSchema(n, at)
	case *openapi3.ExclusiveBound:
		*field = ix.exclusive(n, at)
	case **float64:
		*field = ix.limit(n, at)
	case **uint64:
		*field = ix.count(n, at)
	case *uint64:
		*field = *ix.count(n, at)
	case *bool:
		*field = ix.boolean(n, at)
	case *string:
		*field = oas.Text(n)
	case *[]string:
		*field = oas.Texts(n)
	}
}

// special writes a keyword that has no field of its own, or a value of another form in
// kin-openapi.
func (ix *Index) special(s *openapi3.Schema, keyword string, n *oas.Node, at string) {
	switch keyword {
	case "$ref": // with keywords next to $ref, in OpenAPI 3.1
		if target, to, err := ix.doc.Target(oas.Text(n)); err != nil {
			ix.fail(at, n, "%w", err)
		} else {
			s.AllOf = append(s.AllOf, &openapi3.SchemaRef{Ref: refTo(to, false), Value: ix.schema(target, to, false)})
		}
	case "allOf":
		s.AllOf = append(s.AllOf, ix.parts(n, at)...)
	case "items":
		if oas.IsSequence(n) {
			s.PrefixItems = ix.list(n, at)
		} else {
			s.Items = ix.reference(n, at)
		}
	case "type":
		s.Type = ix.types(n, at)
	case "nullable":
		s.Nullable = ix.boolean(n, at) && !ix.doc.Is31()
	case "enum":
		s.Enum = enum(n)
	case "const":
		switch s.Const = data(n); {
		case inexact(s.Const):
			s.Const = nil // the strict walk checks it
		case s.Const == nil: // kin-openapi treats it as no const
			s.AllOf = append(s.AllOf, &openapi3.SchemaRef{Value: &openapi3.Schema{Enum: []any{nil}}})
		}
	case "dependentRequired":
		s.DependentRequired = map[string][]string{}
		for name, list := range oas.Pairs(n) {
			s.DependentRequired[name] = oas.Texts(list)
		}
	}
}

// enum returns the values of an enumeration, nil if the strict walk checks it.
func enum(n *oas.Node) []any {
	values := []any{}
	for _, item := range oas.Items(n) {
		values = append(values, data(item))
	}
	if inexact(values) {
		return nil
	}
	return values
}

func (ix *Index) types(n *oas.Node, at string) *openapi3.Types {
	names := openapi3.Types(oas.Texts(n))
	if !oas.IsSequence(n) {
		names = openapi3.Types{oas.Text(n)}
	}
	for _, name := range names {
		if typeNames[name] == 0 {
			ix.fail(at, n, "%q is not a type", name)
		}
	}
	return &names
}

// boolSchema reads a schema or, before OpenAPI 3.1, a boolean in its place.
func (ix *Index) boolSchema(n *oas.Node, at string) openapi3.BoolSchema {
	if oas.IsMapping(n) {
		return openapi3.BoolSchema{Schema: ix.reference(n, at)}
	}
	has := ix.boolean(n, at)
	return openapi3.BoolSchema{Has: &has}
}

func (ix *Index) boolean(n *oas.Node, at string) bool {
	b, err := strconv.ParseBool(oas.Text(n))
	if err != nil {
		ix.fail(at, n, "%w: %q is not a boolean", errNotSchema, oas.Text(n))
	}
	return b
}

func (ix *Index) exclusive(n *oas.Node, at string) openapi3.ExclusiveBound {
	if b, err := strconv.ParseBool(oas.Text(n)); err == nil && n.Tag == "!!bool" {
		return openapi3.ExclusiveBound{Bool: &b}
	}
	return openapi3.ExclusiveBound{Value: ix.limit(n, at)}
}

// limit returns a number that kin-openapi can compare others with, nil for a number that
// float64 cannot represent: the strict walk compares with it.
func (ix *Index) limit(n *oas.Node, at string) *float64 {
	f := ix.number(n, at)
	if inexact(json.Number(oas.Text(n))) {
		return nil
	}
	return f
}

func (ix *Index) number(n *oas.Node, at string) *float64 {
	d, ok := oas.ParseDecimal(oas.Text(n))
	if !ok {
		ix.fail(at, n, "%q is not a number", oas.Text(n))
	}
	f := float(d)
	return &f
}

// float returns the float64 that is nearest to a number.
func float(d oas.Decimal) float64 {
	f, _ := strconv.ParseFloat(d.String(), 64)
	return max(-math.MaxFloat64, min(math.MaxFloat64, f))
}

func (ix *Index) count(n *oas.Node, at string) *uint64 {
	f := *ix.number(n, at)
	if f < 0 || f != math.Trunc(f) {
		ix.fail(at, n, "%q is not a count", oas.Text(n))
	}
	c := uint64(min(f, math.MaxInt32))
	return &c
}

// data reads a value of an enumeration. Numbers keep their digits.
func data(n *oas.Node) any { return decoded(oas.Canonical(n)) }
