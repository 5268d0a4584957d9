package schema

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// keyword writes one keyword of a schema in the form of kin-openapi. Keywords without an
// effect are skipped.
func (ix *Index) keyword(s *openapi3.Schema, keyword string, n *oas.Node, at string) {
	if ix.subschema(s, keyword, n, at) || ix.bound(s, keyword, n, at) {
		return
	}
	switch keyword {
	case "type":
		s.Type = ix.types(n, at)
	case "format":
		s.Format = oas.Text(n)
	case "pattern":
		s.Pattern = oas.Text(n)
	case "enum":
		s.Enum = []any{}
		for _, item := range oas.Items(n) {
			s.Enum = append(s.Enum, data(item))
		}
		if inexact(s.Enum) {
			s.Enum = nil // the strict walk checks it
		}
	case "const":
		switch s.Const = data(n); {
		case inexact(s.Const):
			s.Const = nil // the strict walk checks it
		case s.Const == nil: // kin-openapi treats it as no const
			s.AllOf = append(s.AllOf, &openapi3.SchemaRef{Value: &openapi3.Schema{Enum: []any{nil}}})
		}
	case "required":
		s.Required = oas.Texts(n)
	case "uniqueItems":
		s.UniqueItems = ix.boolean(n, at)
	case "nullable":
		s.Nullable = ix.boolean(n, at) && !ix.doc.Is31()
	case "readOnly":
		s.ReadOnly = ix.boolean(n, at)
	case "writeOnly":
		s.WriteOnly = ix.boolean(n, at)
	case "dependentRequired":
		s.DependentRequired = map[string][]string{}
		for name, list := range oas.Pairs(n) {
			s.DependentRequired[name] = oas.Texts(list)
		}
	}
}

// subschema writes a keyword whose value contains schemas, and reports whether the keyword
// is of this kind.
func (ix *Index) subschema(s *openapi3.Schema, keyword string, n *oas.Node, at string) bool {
	if one := subschemaOf(s, keyword); one != nil {
		*one = ix.reference(n, at)
		return true
	}
	switch keyword {
	case "$ref": // with keywords next to $ref, in OpenAPI 3.1
		if target, to, err := ix.doc.Target(oas.Text(n)); err != nil {
			ix.fail(at, n, "%w", err)
		} else {
			s.AllOf = append(s.AllOf, &openapi3.SchemaRef{Ref: refTo(to, false), Value: ix.schema(target, to, false)})
		}
	case "items":
		if oas.IsSequence(n) {
			s.PrefixItems = ix.list(n, at)
		} else {
			s.Items = ix.reference(n, at)
		}
	case "properties":
		s.Properties = ix.named(n, at)
	case "patternProperties":
		s.PatternProperties = ix.named(n, at)
	case "dependentSchemas":
		s.DependentSchemas = ix.named(n, at)
	case "allOf":
		s.AllOf = append(s.AllOf, ix.parts(n, at)...)
	case "oneOf":
		s.OneOf = ix.list(n, at)
	case "anyOf":
		s.AnyOf = ix.list(n, at)
	case "prefixItems":
		s.PrefixItems = ix.list(n, at)
	case "additionalProperties":
		s.AdditionalProperties = ix.boolSchema(n, at)
	case "unevaluatedItems":
		s.UnevaluatedItems = ix.boolSchema(n, at)
	case "unevaluatedProperties":
		s.UnevaluatedProperties = ix.boolSchema(n, at)
	default:
		return false
	}
	return true
}

// subschemaOf returns the field of a keyword whose value is one schema.
func subschemaOf(s *openapi3.Schema, keyword string) **openapi3.SchemaRef {
	switch keyword {
	case "not":
		return &s.Not
	case "if":
		return &s.If
	case "then":
		return &s.Then
	case "else":
		return &s.Else
	case "contains":
		return &s.Contains
	case "propertyNames":
		return &s.PropertyNames
	case "contentSchema":
		return &s.ContentSchema
	}
	return nil
}

// bound writes a keyword whose value is a number, and reports whether the keyword is of
// this kind.
func (ix *Index) bound(s *openapi3.Schema, keyword string, n *oas.Node, at string) bool {
	switch keyword {
	case "minimum":
		s.Min = ix.limit(n, at)
	case "maximum":
		s.Max = ix.limit(n, at)
	case "multipleOf":
		s.MultipleOf = ix.limit(n, at)
	case "exclusiveMinimum":
		s.ExclusiveMin = ix.exclusive(n, at)
	case "exclusiveMaximum":
		s.ExclusiveMax = ix.exclusive(n, at)
	case "minLength":
		s.MinLength = *ix.count(n, at)
	case "maxLength":
		s.MaxLength = ix.count(n, at)
	case "minItems":
		s.MinItems = *ix.count(n, at)
	case "maxItems":
		s.MaxItems = ix.count(n, at)
	case "minProperties":
		s.MinProps = *ix.count(n, at)
	case "maxProperties":
		s.MaxProps = ix.count(n, at)
	case "minContains":
		s.MinContains = ix.count(n, at)
	case "maxContains":
		s.MaxContains = ix.count(n, at)
	default:
		return false
	}
	return true
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
