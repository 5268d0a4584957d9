package schema

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// violations returns the failures that kin-openapi finds in the value at a pointer within
// all. refused reports whether it refuses the value, certain whether that is certainly right.
func (s *Schema) violations(all document, at string) (failures []Failure, refused, certain bool) {
	k := kin{index: s.index, place: s.Pointer(), value: all.bounded, options: s.options}
	if all.isLarge() {
		k.options = s.firstOnly
	}
	refused = k.visit(s.written, find(all.bounded, at), at)
	return k.failures, refused, refused && k.wrongErrors == 0
}

// kin runs kin-openapi and converts its errors. For a union, these errors must be
// converted: the pointer ends at the union, and the errors of keywords next to the union
// are missing, as are those of the branch if the discriminator is wrong.
type kin struct {
	index *Index
	// place is the place of the root schema, for errors that name no schema.
	place    string
	value    any
	options  []openapi3.SchemaValidationOption
	failures []Failure
	// undeclaredErrors counts errors that the walk over undeclared members reports.
	undeclaredErrors int
	// wrongErrors counts wrong errors of kin-openapi: about numbers that it cannot compare,
	// and about discriminators that name no branch if the names are not listed.
	wrongErrors int
	depth       int
	// whole maps a copy without its composition to the original schema.
	whole map[*openapi3.Schema]*openapi3.Schema
}

// reportableCount returns the number of kin-openapi errors that are reported.
func (k *kin) reportableCount() int { return len(k.failures) + k.undeclaredErrors }

// maxComposition bounds the depth of nested compositions at one place. A deeper one
// contains itself.
const maxComposition = 16

func (k *kin) visit(s *openapi3.Schema, value any, at string) (refused bool) {
	if k.depth++; k.depth > maxComposition {
		return false
	}
	defer func() { k.depth-- }()
	err := s.VisitJSON(value, k.options...)
	if err != nil {
		k.add(err, at)
	}
	return err != nil
}

func (k *kin) add(err error, at string) {
	var many openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case asMulti(err, &many):
		for _, err := range many[:min(len(many), maxFailures)] {
			k.add(err, at)
		}
	case errors.As(err, &one):
		k.one(one, at+pointerOf(one))
	default:
		k.failures = append(k.failures, Failure{Kind: Violation, Pointer: shortPointer(at), Message: err.Error()})
	}
}

func asMulti(err error, many *openapi3.MultiError) bool {
	m, ok := err.(openapi3.MultiError) //nolint:errorlint // a wrapped one belongs to the error that wraps it
	*many = m
	return ok
}

func pointerOf(err *openapi3.SchemaError) string { return oas.Join("", err.JSONPointer()...) }

func (k *kin) one(err *openapi3.SchemaError, at string) {
	if err.Schema == nil {
		k.modern(err, at)
		return
	}
	switch err.SchemaField {
	case "discriminator":
		if k.index.isImplicit(err.Schema) && k.fitsOneBranch(err.Schema, at) {
			k.wrongErrors++
			return
		}
		k.addUnionFailures(err, at)
	case "oneOf", "anyOf", "allOf":
		k.composed(err, at)
	case "properties":
		k.undeclaredErrors++ // because of additionalProperties: false
	default:
		k.leaf(err, at)
	}
}

// fitsOneBranch reports whether exactly one branch of a union matches, ignoring the
// discriminator. Documents without a mapping often use other discriminator values than the
// names of the schemas.
func (k *kin) fitsOneBranch(s *openapi3.Schema, at string) bool {
	plain := *s
	plain.Discriminator = nil
	return plain.VisitJSON(find(k.value, at), k.options...) == nil
}

// modern converts an error of the engine for OpenAPI 3.1, which names no schema. It reports
// the causes instead of the error that they cause, except for unions, for which it would
// report the causes of every branch.
func (k *kin) modern(err *openapi3.SchemaError, at string) {
	var causes openapi3.MultiError
	if err.Origin != nil && asMulti(errors.Unwrap(err.Origin), &causes) && err.SchemaField != "oneOf" && err.SchemaField != "anyOf" {
		base := strings.TrimSuffix(at, pointerOf(err))
		for _, cause := range causes {
			k.add(cause, base)
		}
		return
	}
	keyword := cmp.Or(err.SchemaField, "schema") // the schema false has no keyword
	if strictKeywords[keyword] && inexact(err.Value) {
		k.wrongErrors++ // the strict walk checks it
		return
	}
	_, reason, _ := strings.Cut(err.Reason, "': ")
	k.failures = append(k.failures, Failure{
		Kind: Violation, Keyword: keyword, Pointer: shortPointer(at), Spec: k.place,
		Expected: "a value that satisfies " + keyword, Actual: show(err.Value), Message: Window(strings.Join(strings.Fields(reason), " "), 0),
	})
}

// composed reports the errors inside a failed oneOf, anyOf or allOf, and those of the
// keywords next to it, which kin-openapi omits.
func (k *kin) composed(err *openapi3.SchemaError, at string) {
	value := find(k.value, at)
	before, count := len(k.failures), k.reportableCount()
	switch {
	case err.SchemaField == "allOf":
		for _, part := range err.Schema.AllOf {
			k.visit(part.Value, value, at)
		}
	case err.Origin == openapi3.ErrOneOfConflict: //nolint:errorlint // a conflict further down is another error
		k.leaf(err, at)
	default:
		k.addUnionFailures(err, at)
	}
	if rest := k.withoutComposition(err.Schema); rest != nil {
		k.visit(rest, value, at)
	}
	if k.reportableCount() == count {
		k.leaf(err, at)
	}
	k.failures = append(k.failures[:before], unique(k.failures[before:])...)
}

// withoutComposition returns the schema without its composition, nil if nothing remains.
func (k *kin) withoutComposition(s *openapi3.Schema) *openapi3.Schema {
	rest := *s
	rest.OneOf, rest.AnyOf, rest.AllOf, rest.Discriminator = nil, nil, nil, nil
	rest.AllowEmptyValue = !markNotEmpty
	if rest.IsEmpty() {
		return nil
	}
	if k.whole == nil {
		k.whole = map[*openapi3.Schema]*openapi3.Schema{}
	}
	k.whole[&rest] = s
	return &rest
}

// unique removes duplicate failures.
func unique(failures []Failure) []Failure {
	var kept []Failure
	for _, f := range failures {
		if !slices.Contains(kept, f) {
			kept = append(kept, f)
		}
	}
	return kept
}

// find returns the value at a pointer, which must exist in value.
func find(value any, pointer string) any {
	for _, token := range oas.Split(pointer) {
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

func sortFailures(failures []Failure) {
	slices.SortStableFunc(failures, func(a, b Failure) int {
		return cmp.Or(comparePointers(a.Pointer, b.Pointer), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Keyword, b.Keyword))
	})
}

// comparePointers sorts /results/2 before /results/10, and positions before names.
func comparePointers(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "/"), strings.Split(b, "/"), func(a, b string) int {
		return cmp.Or(cmp.Compare(position(a), position(b)), cmp.Compare(a, b))
	})
}

// position returns the number of an array item's token, or a number after all items for a
// name.
func position(token string) int {
	if i, err := strconv.Atoi(token); err == nil {
		return i
	}
	return math.MaxInt
}
