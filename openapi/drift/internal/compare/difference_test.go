package compare

import (
	"encoding/json"
	"testing"
)

// TestSentences checks how sentences show values.
func TestSentences(t *testing.T) {
	for _, test := range []struct{ rule, item, old, latest, want string }{
		{"request-type-changed", "", `"string"`, `"integer"`, "the type changed from string to integer"},
		{"request-bound-loosened", "", "1", "", "a keyword was loosened from 1 to none"},
		{"request-default-changed", "", `""`, `["a"]`, `the default changed from "" to ["a"]`},
		{"request-default-changed", "", "[1,2]", `["a","b"]`, "the default changed from [1,2] to [a, b]"},
		{"request-enum-added", "", "", `["a","b","c","d","e","f"]`, "the enum [a, b, c, d, e, f] was added"},
		{"request-enum-added", "", "", `["a","b","c","d","e","f","g"]`, "the enum [a, b, c, d, e and 2 more] was added"},
		{"request-enum-value-added", `"a"`, "", `"a"`, "enum value a was added"},
		{"request-enum-value-added", `["a","b"]`, "", `["a","b"]`, "enum values [a, b] were added"},
		{"request-default-added", `["a","b"]`, "", `["a","b"]`, "the default [a, b] was added"},
	} {
		d := Difference{Rule: RuleOf(test.rule), Item: test.item, Keyword: "a keyword"}
		if test.old != "" {
			d.Old = json.RawMessage(test.old)
		}
		if test.latest != "" {
			d.New = json.RawMessage(test.latest)
		}
		if got := d.Sentence(); got != test.want {
			t.Errorf("%s, %s to %s: %q, want %q", test.rule, test.old, test.latest, got, test.want)
		}
	}
}
