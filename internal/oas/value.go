package oas

import (
	"encoding/json"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Canonical returns a value as JSON with sorted keys and with numbers in one notation, so
// that equal values are equal strings. Numbers keep all of their digits.
func Canonical(n *Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == yaml.MappingNode:
		members := make([]string, 0, len(n.Content)/2)
		for key, value := range Pairs(n) {
			members = append(members, Quote(key)+":"+Canonical(value))
		}
		slices.Sort(members)
		return "{" + strings.Join(members, ",") + "}"
	case n.Kind == yaml.SequenceNode:
		members := make([]string, 0, len(n.Content))
		for _, item := range n.Content {
			members = append(members, Canonical(item))
		}
		return "[" + strings.Join(members, ",") + "]"
	}
	return canonicalScalar(n)
}

func canonicalScalar(n *Node) string {
	if number, ok := Number(n); ok {
		return number.String()
	}
	switch n.ShortTag() {
	case "!!null":
		return "null"
	case "!!bool":
		return strings.ToLower(n.Value)
	}
	return Quote(n.Value)
}

// Number reads a scalar that is a number. ok is false for any other node. YAML's resolver
// reads a number outside the range of float64, such as 1e400, as a string; its plain style
// shows that it is a number.
func Number(n *Node) (d Decimal, ok bool) {
	if n == nil {
		return Decimal{}, false
	}
	switch n.ShortTag() {
	case "!!int", "!!float":
		return ParseDecimal(n.Value)
	case "!!str":
		if n.Style == 0 && n.Line > 0 {
			return ParseDecimal(n.Value)
		}
	}
	return Decimal{}, false
}

// Quote returns s as a JSON string. Bytes that are not UTF-8 become U+FFFD.
func Quote(s string) string {
	b, _ := json.Marshal(s) // a string can always be encoded
	return string(b)
}

// Unquote returns the text of a JSON string, or s itself if it is not a JSON string.
func Unquote(s string) string {
	var out string
	if !strings.HasPrefix(s, `"`) || json.Unmarshal([]byte(s), &out) != nil {
		return s
	}
	return out
}

// TypeOf returns the JSON type of a value in canonical form: "integer" for a whole number,
// "null" for null.
func TypeOf(canonical string) string {
	switch canonical[:min(1, len(canonical))] {
	case `"`:
		return "string"
	case "t", "f":
		return "boolean"
	case "n", "":
		return "null"
	case "[":
		return "array"
	case "{":
		return "object"
	}
	if d, ok := ParseDecimal(canonical); ok && d.IsInteger() {
		return "integer"
	}
	return "number"
}
