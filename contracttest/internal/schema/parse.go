package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// parse parses a JSON text strictly (RFC 8259): one value in UTF-8, with nothing after it.
// Objects become map[string]any, numbers json.Number. A duplicate key is a failure; the last
// value is used, as in encoding/json. If ok is false, the text is malformed, and the only
// failure describes the error.
func parse(text []byte, maxValues int64) (doc document, failures []Failure, ok bool) {
	if at := invalidUTF8(text); at >= 0 {
		return document{}, []Failure{malformed(text, at, "the text is not UTF-8")}, false
	}
	budget := limits.New(limits.Limits{Nodes: maxValues})
	var exceeded *limits.ExceededError
	if err := countValues(jsonscan.NewCursor(text), budget); errors.As(err, &exceeded) {
		return document{}, tooLarge(text, exceeded), false
	}
	p := parser{c: jsonscan.NewCursor(text)}
	value, err := p.value()
	if err == nil {
		err = p.c.End()
	}
	if err != nil {
		at := len(text)
		var syntax *jsonscan.SyntaxError
		if errors.As(err, &syntax) {
			at = int(syntax.Offset)
		}
		return document{}, []Failure{malformed(text, at, err.Error())}, false
	}
	doc = document{value: value, bounded: value, size: len(text), values: budget.Used().Nodes, depth: p.depth}
	if p.outsized {
		if err := budget.Nodes(doc.values); err != nil { // those of the copy
			return document{}, tooLarge(text, err), false
		}
		doc.bounded = bounded(value)
	}
	return doc, p.failures, true
}

// maxKey is the longest key that an object may have, in bytes.
const maxKey = 1000

// countValues spends one node of the budget for each value, before any value is kept in
// memory.
func countValues(c *jsonscan.Cursor, budget *limits.Budget) error {
	if err := budget.Nodes(1); err != nil {
		return err
	}
	each := func() error { return countValues(c, budget) }
	switch c.Kind() {
	case '{':
		return c.Object(func(key []byte) error {
			if len(key) > maxKey {
				return &limits.ExceededError{Bound: "bytes in a key", Limit: maxKey}
			}
			return each()
		})
	case '[':
		return c.Array(each)
	}
	return c.Skip()
}

// tooLarge is the failure for a text that exceeds a limit.
func tooLarge(text []byte, exceeded error) []Failure {
	return []Failure{{Kind: Violation, Keyword: "limit", Actual: Window(text, 0), Message: "the body is not validated: " + exceeded.Error()}}
}

func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	at := 0
	for {
		r, n := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && n == 1 {
			return at
		}
		at += n
	}
}

func malformed(text []byte, at int, reason string) Failure {
	line := 1 + bytes.Count(text[:min(at, len(text))], []byte{'\n'})
	return Failure{
		Kind:     Malformed,
		Expected: "one JSON value",
		Actual:   Window(text, at),
		Message:  fmt.Sprintf("%s (byte %d, line %d of the body)", reason, at, line),
	}
}

type parser struct {
	c        *jsonscan.Cursor
	path     []step // pointer to the current value
	failures []Failure
	depth    int // of the longest path so far
	// outsized reports that a number is outside the range of float64.
	outsized bool
}

func (p *parser) value() (any, error) {
	p.depth = max(p.depth, len(p.path))
	switch p.c.Kind() {
	case '{':
		return p.object()
	case '[':
		return p.array()
	case '"':
		return p.c.Text()
	case '0':
		text, err := p.c.Number()
		n := json.Number(text)
		p.outsized = p.outsized || boundedNumber(n) != n
		return n, err
	case 't':
		return true, p.c.Skip()
	case 'f':
		return false, p.c.Skip()
	}
	return nil, p.c.Skip() // null, or no value at all, which is its error
}

// bounded returns a copy of a value for kin-openapi, which refuses numbers outside the range
// of float64, or expands their exponent.
func bounded(value any) any {
	switch value := value.(type) {
	case json.Number:
		return boundedNumber(value)
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = bounded(item)
		}
		return items
	case map[string]any:
		object := make(map[string]any, len(value))
		for name, member := range value {
			object[name] = bounded(member)
		}
		return object
	}
	return value
}

// boundedNumber replaces a number outside the range of float64 by the nearest float64 that is
// not zero.
func boundedNumber(n json.Number) json.Number {
	f, _ := strconv.ParseFloat(string(n), 64)
	switch {
	case math.IsInf(f, 0):
		f = math.Copysign(math.MaxFloat64, f)
	case f != 0:
		return n
	default:
		if d, _ := oas.ParseDecimal(string(n)); d == (oas.Decimal{}) {
			return "0"
		}
		f = math.Copysign(math.SmallestNonzeroFloat64, f)
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

func (p *parser) object() (any, error) {
	object := map[string]any{}
	depth := len(p.path)
	err := p.c.Object(func(key []byte) error {
		name := string(key)
		p.path = append(p.path[:depth], step{name, -1})
		v, err := p.value()
		if err != nil {
			return err
		}
		if old, twice := object[name]; twice && len(p.failures) < maxFailures {
			p.failures = append(p.failures, duplicate(pointerTo("", p.path[:depth+1]), name, old, v))
		}
		object[name] = v
		return nil
	})
	return object, err
}

func (p *parser) array() (any, error) {
	array := []any{}
	depth := len(p.path)
	err := p.c.Array(func() error {
		p.path = append(p.path[:depth], step{position: len(array)})
		v, err := p.value()
		array = append(array, v)
		return err
	})
	return array, err
}

func duplicate(pointer, name string, first, second any) Failure {
	return Failure{
		Kind:     Duplicate,
		Pointer:  pointer,
		Expected: "each key once",
		Actual:   member(name, first) + " and " + member(name, second),
		Message:  fmt.Sprintf("the key %s occurs twice in one object; parsers differ in which one they use", quote(name)),
	}
}
