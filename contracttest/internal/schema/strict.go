package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// strictRules are what a schema demands that kin-openapi does not judge: it compares
// numbers as float64, takes 1 and 1.0 for different items, cannot run the patterns
// that need look-around, and ignores not: {}.
type strictRules struct {
	nothing bool // no value is valid
	bounds  []numberBound
	unique  bool
	pattern *ecmaPattern
}

// numberBound is a keyword that compares a number with another.
type numberBound struct {
	keyword string
	limit   decimal
	holds   func(value, limit decimal) bool
}

// compileStrict writes down the strict rules of a schema. The engine for OpenAPI 3.1 has
// exact numbers, so modern schemas have the pattern only.
func compileStrict(s *openapi3.Schema, modern bool) strictRules {
	r := strictRules{pattern: compileECMA(s.Pattern)}
	if modern {
		return r
	}
	r.unique = s.UniqueItems
	r.nothing = s.Not != nil && s.Not.Value.IsEmpty()
	above, below := s.ExclusiveMin.Value, s.ExclusiveMax.Value
	if b := s.ExclusiveMin.Bool; b != nil && *b {
		above = s.Min
	}
	if b := s.ExclusiveMax.Bool; b != nil && *b {
		below = s.Max
	}
	r.bound("minimum", s.Min, atLeast)
	r.bound("maximum", s.Max, atMost)
	r.bound("exclusiveMinimum", above, func(v, l decimal) bool { return v.compare(l) > 0 })
	r.bound("exclusiveMaximum", below, func(v, l decimal) bool { return v.compare(l) < 0 })
	r.bound("multipleOf", s.MultipleOf, func(v, l decimal) bool { is, known := v.isMultipleOf(l); return is || !known })
	if limits, ok := integerFormats[s.Format]; ok {
		r.bounds = append(r.bounds, numberBound{"format", limits[0], atLeast}, numberBound{"format", limits[1], atMost})
	}
	if s.Type.Includes(openapi3.TypeInteger) && !s.Type.Includes(openapi3.TypeNumber) {
		r.bounds = append(r.bounds, numberBound{"type", decimal{}, func(v, _ decimal) bool { return v.isInteger() }})
	}
	return r
}

func (r *strictRules) bound(keyword string, limit *float64, holds func(value, limit decimal) bool) {
	if limit == nil {
		return
	}
	if d, ok := parseDecimal(strconv.FormatFloat(*limit, 'g', -1, 64)); ok {
		r.bounds = append(r.bounds, numberBound{keyword, d, holds})
	}
}

func atLeast(value, limit decimal) bool { return value.compare(limit) >= 0 }
func atMost(value, limit decimal) bool  { return value.compare(limit) <= 0 }

// integerFormats are the least and the greatest value of the formats that bound one.
var integerFormats = func() map[string][2]decimal {
	limits := map[string][2]decimal{}
	for name, texts := range map[string][2]string{"int32": {"-2147483648", "2147483647"}, "int64": {"-9223372036854775808", "9223372036854775807"}} {
		least, _ := parseDecimal(texts[0])
		most, _ := parseDecimal(texts[1])
		limits[name] = [2]decimal{least, most}
	}
	return limits
}()

func (r *strictRules) any() bool {
	return r.nothing || len(r.bounds) > 0 || r.unique || r.pattern != nil
}

// strictKeywords are those of numbers, in which kin-openapi may be wrong about a number
// that float64 cannot hold.
var strictKeywords = map[string]bool{
	"minimum": true, "maximum": true, "exclusiveMinimum": true, "exclusiveMaximum": true, "multipleOf": true, "format": true,
}

// inexact reports whether the value is a number that float64 does not hold.
func inexact(value any) bool {
	n, ok := value.(json.Number)
	if !ok {
		return false
	}
	d, ok := parseDecimal(string(n))
	return ok && !d.exactInFloat()
}

// strict judges a value by the strict rules of the schemas that certainly judge it: the
// branches of a union only where one is chosen.
type strict struct {
	schema *Schema
	faults []Fault
}

func (w *strict) walk(nodes []*node, value any, at string) {
	var views []*node
	for _, n := range nodes {
		views = w.certain(n, value, views)
	}
	for _, n := range views {
		if n.strict.any() && len(w.faults) < maxFaults {
			w.judge(n, value, at)
		}
	}
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			w.walk(declarations(views, name), value[name], Join(at, name))
		}
	case []any:
		items := itemsOf(views)
		for i, item := range value {
			w.walk(items, item, at+"/"+strconv.Itoa(i))
		}
	}
}

// certain is views, leaving out the branches of a union in which the value is not
// certainly valid.
func (w *strict) certain(n *node, value any, into []*node) []*node {
	into = append(into, n)
	for _, part := range n.parts {
		into = w.certain(part, value, into)
	}
	if n.union == nil {
		return into
	}
	b := n.union.choose(value)
	if b == nil {
		b = w.onlyValid(n.union, value)
	}
	if b == nil {
		return into
	}
	return w.certain(b.node, value, into)
}

// onlyValid returns the one branch that kin-openapi accepts the value in, nil if there
// is not exactly one.
func (w *strict) onlyValid(u *union, value any) *branch {
	var only *branch
	for i := range u.branches {
		b := &u.branches[i]
		if b.node.schema.VisitJSON(value, w.schema.firstOnly...) != nil {
			continue
		}
		if only != nil && only.node.schema != b.node.schema {
			return nil
		}
		only = b
	}
	return only
}

func (w *strict) judge(n *node, value any, at string) {
	if n.strict.nothing {
		w.fault(n, "not", value, at)
	}
	switch value := value.(type) {
	case json.Number:
		w.number(n, value, at)
	case string:
		w.text(n, value, at)
	case []any:
		if n.strict.unique {
			w.unique(n, value, at)
		}
	}
}

func (w *strict) number(n *node, value json.Number, at string) {
	d, ok := parseDecimal(string(value))
	if !ok || d.exactInFloat() {
		return
	}
	for _, b := range n.strict.bounds {
		if !b.holds(d, b.limit) && (b.keyword != "type" || roundsToInteger(value)) {
			w.fault(n, b.keyword, value, at)
		}
	}
}

// roundsToInteger reports whether kin-openapi takes the number for an integer.
func roundsToInteger(n json.Number) bool {
	f, err := n.Float64()
	return err == nil && f == math.Trunc(f)
}

func (w *strict) text(n *node, value, at string) {
	if n.strict.pattern == nil {
		return
	}
	switch matched, known := n.strict.pattern.match(value); {
	case !known:
		w.faults = append(w.faults, Fault{
			Kind: NotJudged, Keyword: "pattern", Pointer: at, Spec: w.schema.index.keyword(n.schema, "pattern"),
			Message: fmt.Sprintf("the pattern took longer than %v", matchLimit),
		})
	case !matched:
		w.fault(n, "pattern", value, at)
	}
}

// unique compares items as JSON values do: by number, not by its spelling. kin-openapi
// reports items of one spelling.
func (w *strict) unique(n *node, items []any, at string) {
	seen, spelled := map[string]bool{}, map[string]bool{}
	for _, item := range items {
		seen[canonical(item, true)] = true
		spelled[canonical(item, false)] = true
	}
	if len(spelled) == len(items) && len(seen) < len(items) {
		w.fault(n, "uniqueItems", items, at)
	}
}

func (w *strict) fault(n *node, keyword string, value any, at string) {
	w.faults = append(w.faults, Fault{
		Kind: Violation, Keyword: keyword, Pointer: at, Spec: w.schema.index.keyword(n.schema, keyword),
		Expected: expected(n.schema, keyword, at), Actual: actual(keyword, lastToken(at), value), Message: messages[keyword],
	})
}

// canonical writes a value as JSON with sorted keys, and its numbers, if asked for, in
// the one spelling of their value.
func canonical(value any, byValue bool) string {
	switch value := value.(type) {
	case json.Number:
		if d, ok := parseDecimal(string(value)); ok && byValue {
			return d.String()
		}
		return string(value)
	case []any:
		var b strings.Builder
		for _, item := range value {
			b.WriteString(canonical(item, byValue) + ",")
		}
		return "[" + b.String() + "]"
	case map[string]any:
		var b strings.Builder
		for _, name := range slices.Sorted(maps.Keys(value)) {
			fmt.Fprintf(&b, "%q:%s,", name, canonical(value[name], byValue))
		}
		return "{" + b.String() + "}"
	case string:
		return strconv.Quote(value)
	}
	return fmt.Sprint(value)
}

func itemsOf(views []*node) []*node {
	var items []*node
	for _, n := range views {
		if n.items != nil {
			items = append(items, n.items)
		}
	}
	return items
}
