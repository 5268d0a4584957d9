package schema

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// strictRules are constraints of a schema that kin-openapi does not check: it compares
// numbers as float64, treats 1 and 1.0 as different items, and does not support patterns with
// look-around.
type strictRules struct {
	modern   bool // the engine for OpenAPI 3.1 validates the schema
	bounds   []numberBound
	unique   bool
	patterns []placedPattern
	listed   bool // the values are listed
	// inexact reports that kin-openapi does not check the list of values, because float64
	// cannot represent one of them.
	inexact bool
}

// placedPattern is a pattern and the place where it is declared.
type placedPattern struct {
	*ecmaPattern
	at oas.Place
}

// numberBound is a keyword that compares a number with another.
type numberBound struct {
	keyword  string
	at       oas.Place
	limit    oas.Decimal
	holds    func(value, limit oas.Decimal) bool
	expected string
	// inexact reports that float64 cannot represent the limit, so that kin-openapi does
	// not check it.
	inexact bool
}

// compileStrict returns the strict rules of a schema. The engine for OpenAPI 3.1 is exact
// about integers and items.
func compileStrict(s *oas.Schema, modern bool, patterns *patternCache) strictRules {
	r := strictRules{modern: modern, listed: s.Enum != nil}
	for _, item := range s.Each("pattern") {
		if p := patterns.of(oas.Unquote(item.Value)).ecma; p != nil {
			r.patterns = append(r.patterns, placedPattern{p, item.At})
		}
	}
	r.inexact = slices.ContainsFunc(s.Enum, func(i oas.Item) bool { return inexact(decoded(i.Value)) })
	r.unique = s.Assertions["uniqueItems"].Value == "true"
	r.limit(s, "minimum", "at least", "more than", 1)
	r.limit(s, "maximum", "at most", "less than", -1)
	for _, item := range s.Each("multipleOf") {
		if d, ok := oas.ParseDecimal(item.Value); ok {
			r.add("multipleOf", item.At, d, multiple, "a multiple of "+d.String())
		}
	}
	for _, item := range s.Each("format") {
		format := oas.Unquote(item.Value)
		if limits, ok := integerFormats[format]; ok {
			r.add("format", item.At, limits[0], atLeast, format)
			r.add("format", item.At, limits[1], atMost, format)
		}
	}
	if modern {
		return r
	}
	if slices.Equal(s.Types, []string{"integer"}) {
		r.add("type", s.Place("type"), oas.Decimal{}, func(v, _ oas.Decimal) bool { return v.IsInteger() }, "integer")
	}
	return r
}

// add adds a bound. kin-openapi does check the limits of formats.
func (r *strictRules) add(keyword string, at oas.Place, limit oas.Decimal, holds func(value, limit oas.Decimal) bool, expected string) {
	r.bounds = append(r.bounds, numberBound{keyword, at, limit, holds, expected, keyword != "format" && inexact(json.Number(limit.String()))})
}

// limit adds a minimum, whose sign is 1, or a maximum.
func (r *strictRules) limit(s *oas.Schema, keyword, inclusive, exclusive string, sign int) {
	d, excluded, ok := oas.ParseBound(s.Assertions[keyword].Value)
	if !ok {
		return
	}
	words := inclusive
	if excluded {
		words = exclusive
	}
	holds := func(v, l oas.Decimal) bool {
		order := sign * v.Compare(l)
		return order > 0 || order == 0 && !excluded
	}
	r.add(keyword, s.Place(keyword), d, holds, words+" "+d.String())
}

func atLeast(value, limit oas.Decimal) bool { return value.Compare(limit) >= 0 }
func atMost(value, limit oas.Decimal) bool  { return value.Compare(limit) <= 0 }

func multiple(value, limit oas.Decimal) bool {
	return len(value.String()) > oas.MaxDivided || value.IsMultipleOf(limit)
}

// integerFormats are the minimum and maximum of the integer formats.
var integerFormats = func() map[string][2]oas.Decimal {
	limits := map[string][2]oas.Decimal{}
	for name, texts := range map[string][2]string{"int32": {"-2147483648", "2147483647"}, "int64": {"-9223372036854775808", "9223372036854775807"}} {
		least, _ := oas.ParseDecimal(texts[0])
		most, _ := oas.ParseDecimal(texts[1])
		limits[name] = [2]oas.Decimal{least, most}
	}
	return limits
}()

func (r *strictRules) any() bool {
	return len(r.bounds) > 0 || r.unique || r.patterns != nil || r.listed
}

// strictKeywords are the keywords for which kin-openapi may be wrong about a value with a
// number that float64 cannot represent.
var strictKeywords = map[string]bool{
	"minimum": true, "maximum": true, "exclusiveMinimum": true, "exclusiveMaximum": true, "multipleOf": true, "format": true,
	"enum": true, "const": true, "uniqueItems": true,
}

// maxExact is the number of decimal digits that float64 represents for any number, and
// leastExact the smallest number that has as many digits.
const (
	maxExact   = 15
	leastExact = 1e-290
)

// inexact reports whether the value is, or contains, a number that float64 may not
// represent, or cannot divide exactly.
func inexact(value any) bool {
	switch value := value.(type) {
	case json.Number:
		return inexactNumber(string(value))
	case []any:
		return slices.ContainsFunc(value, inexact)
	case map[string]any:
		for _, member := range value {
			if inexact(member) {
				return true
			}
		}
	}
	return false
}

func inexactNumber(text string) bool {
	mantissa, _, scaled := strings.Cut(strings.ToLower(text), "e")
	if len(text) <= maxExact && !scaled {
		return false
	}
	f, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrSyntax) {
		return false
	}
	tiny := math.Abs(f) < leastExact && strings.Trim(mantissa, "-0.") != ""
	return tiny || len(strings.Trim(mantissa, "-.")) > maxExact || math.Abs(f) >= 1e15
}

// decoded reads a value in canonical form.
func decoded(canonical string) any {
	if strings.HasPrefix(canonical, `"`) {
		return oas.Unquote(canonical)
	}
	d := json.NewDecoder(strings.NewReader(canonical))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil // it is JSON
	}
	return value
}

// strict checks a value against the strict rules of the schemas that certainly apply to it:
// those of a union's branch only if the branch is selected.
type strict struct {
	schema   *Schema
	failures []Failure
}

func (w *strict) walk(root *node, value any, at *location) {
	walk([]*node{root}, value, at, w.certain, func(_, applicable []*node, value any, at *location) {
		for _, n := range applicable {
			if n.strict.any() && len(w.failures) < maxFailures {
				w.check(n, value, at)
			}
		}
	})
}

// certain returns the branch of a union that certainly applies to the value: the selected one,
// or the only one for which kin-openapi accepts the value.
func (w *strict) certain(u *union, value any) []branch {
	only := u.selected(value)
	if only != nil {
		return only
	}
	for i, b := range u.branches {
		if b.node.schema.VisitJSON(value, w.schema.firstOnly...) != nil {
			continue
		}
		if only != nil && only[0].node.schema != b.node.schema {
			return nil
		}
		only = u.branches[i : i+1]
	}
	return only
}

func (w *strict) check(n *node, value any, at *location) {
	if n.strict.listed && (n.strict.inexact || inexact(value)) && !n.listsValue(value) {
		w.failure(n.effective.Place("enum"), "enum", "one of "+phrase.First(oas.Values(n.effective.Enum), maxCandidates), value, at)
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

func (w *strict) number(n *node, value json.Number, at *location) {
	d, ok := oas.ParseDecimal(string(value))
	if !ok {
		return
	}
	exact := !inexact(value)
	for _, b := range n.strict.bounds {
		if (!exact || b.inexact) && !b.holds(d, b.limit) && (b.keyword != "type" || roundsToInteger(value)) {
			w.failure(b.at, b.keyword, b.expected, value, at)
		}
	}
}

// listsValue reports whether a value is one of the listed ones.
func (n *node) listsValue(value any) bool {
	text := canonical(value)
	return value == nil && n.effective.Nullable || slices.ContainsFunc(n.effective.Enum, func(i oas.Item) bool { return i.Value == text })
}

// roundsToInteger reports whether kin-openapi treats the number as an integer.
func roundsToInteger(n json.Number) bool {
	f, err := boundedNumber(n).Float64()
	return err == nil && f == math.Trunc(f)
}

func (w *strict) text(n *node, value string, at *location) {
	for _, p := range n.strict.patterns {
		switch matched, err := p.match(value); {
		case err != nil:
			w.failures = append(w.failures, Failure{Kind: NotJudged, Keyword: "pattern", Pointer: at.pointer(), Spec: p.at.Declared(), Message: err.Error()})
		case !matched:
			w.failure(p.at, "pattern", p.expr.String(), value, at)
		}
	}
}

// unique reports items that are equal as JSON values, except those that kin-openapi reports:
// items with the same notation or, with its engine for OpenAPI 3.1, with the same value. What
// kin-openapi reports about numbers that float64 may not represent is dropped (see
// strictKeywords), so unique reports these itself.
func (w *strict) unique(n *node, items []any, at *location) {
	seen, spelled := map[string]bool{}, map[string]bool{}
	for _, item := range items {
		seen[canonical(item)] = true
		text, _ := json.Marshal(item) // as kin-openapi does; parsed JSON can always be encoded
		spelled[string(text)] = true
	}
	reported := n.strict.modern || len(spelled) < len(items)
	if len(seen) < len(items) && (!reported || inexact(items)) {
		w.failure(n.effective.Place("uniqueItems"), "uniqueItems", "each item once", items, at)
	}
}

func (w *strict) failure(place oas.Place, keyword, expected string, value any, at *location) {
	w.failures = append(w.failures, Failure{
		Kind: Violation, Keyword: keyword, Pointer: at.pointer(), Spec: place.Declared(),
		Expected: expected, Actual: actual(keyword, at.step.name, value), Type: typeOf(value), Message: messages[keyword],
	})
}

// canonical returns a value as JSON, in the form of oas.Canonical.
func canonical(value any) string {
	var members []string
	switch value := value.(type) {
	case json.Number:
		if d, ok := oas.ParseDecimal(string(value)); ok {
			return d.String()
		}
		return string(value)
	case []any:
		for _, item := range value {
			members = append(members, canonical(item))
		}
		return "[" + strings.Join(members, ",") + "]"
	case map[string]any:
		for name, member := range value {
			members = append(members, oas.Quote(name)+":"+canonical(member))
		}
		slices.Sort(members)
		return "{" + strings.Join(members, ",") + "}"
	}
	text, _ := json.Marshal(value) // parsed JSON can always be encoded
	return string(text)
}
