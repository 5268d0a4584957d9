package shape

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// canonical writes a value as JSON with sorted keys and plain numbers, so that
// equal values are equal strings.
func canonical(n *yaml.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == yaml.MappingNode:
		var members []string
		for key, value := range tree.Pairs(n) {
			members = append(members, quote(key)+":"+canonical(value))
		}
		slices.Sort(members)
		return "{" + strings.Join(members, ",") + "}"
	case n.Kind == yaml.SequenceNode:
		var members []string
		for _, item := range n.Content {
			members = append(members, canonical(item))
		}
		return "[" + strings.Join(members, ",") + "]"
	}
	return canonicalScalar(n)
}

func canonicalScalar(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!null":
		return "null"
	case "!!bool":
		return strings.ToLower(n.Value)
	case "!!int", "!!float":
		if number, ok := canonicalNumber(n.Value); ok {
			return number
		}
	}
	return quote(n.Value)
}

// canonicalNumber writes a number the shortest way; a whole one that a float64 does
// not hold stays as it is.
func canonicalNumber(s string) (string, bool) {
	s = strings.ReplaceAll(s, "_", "")
	if i, err := strconv.ParseInt(s, 0, 64); err == nil {
		return strconv.FormatInt(i, 10), true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return "", false
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatInt(int64(f), 10), true
	}
	return strconv.FormatFloat(f, 'g', -1, 64), true
}

// quote writes a JSON string. Bytes that are not UTF-8 become U+FFFD.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s)
	}
	return string(b)
}
