package oas

import (
	"fmt"
	"strings"
	"testing"
)

// readText reads a schema in YAML's flow style.
func readText(t *testing.T, text string, args ...any) *Schema {
	t.Helper()
	s, err := ReadSchema(fmt.Sprintf(text, args...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestImpliedLengths checks for each pattern that a length is dropped if the pattern implies
// it, and kept if it excludes a text that matches.
func TestImpliedLengths(t *testing.T) {
	for pattern, want := range map[string]struct{ shortest, longest int }{
		"^$":                     {0, 0},
		"^abc$":                  {3, 3},
		"abc":                    {3, unlimited},
		"^abc":                   {3, unlimited},
		"abc$":                   {3, unlimited},
		"^a{2,5}$":               {2, 5},
		"^a{2,}$":                {2, unlimited},
		"^(ab){2,5}c?$":          {4, 11},
		"^[0-9]+x$":              {2, unlimited},
		"^a*b$":                  {1, unlimited},
		"^(a*){3}b$":             {1, unlimited},
		"^b(a*){3}$":             {1, unlimited},
		"^(^)*a.$":               {2, 2},
		"^(abc|d|)$":             {0, 3},
		"^(abc|d*)$":             {0, unlimited},
		"^(d*|abc)$":             {0, unlimited},
		"^(|abc)x$":              {1, 4},
		"^abc$|^de$":             {2, 3},
		"^abc$|de$":              {2, unlimited},
		"^abc|^de$":              {2, unlimited},
		"(^abc$)|(^de$)":         {2, 3},
		"(^a)(b$)":               {2, 2},
		"(?m)^ab$":               {2, 2},
		"^(?!x)ab(?=c)$":         {2, 2},
		"^(?<=x)(?<!y)ab$":       {2, 2},
		`^(?![()]|\)|(x))ab$`:    {2, 2},
		"^a{0}b$":                {1, 1},
		`^(?!a[\](]b)abc$`:       {3, 3},
		`^\(?!a\)?$`:             {2, 4},
		`^a(?:b)(?<n>c)$`:        {3, 3},
		`^[(?=]ab$`:              {3, 3},
		`^\\(?!x)a$`:             {2, 2},
		`^(a{1000}){1000}b{40}$`: {0, unlimited}, // RE2 refuses it
		"(?=a":                   {0, unlimited},
		"(?":                     {0, unlimited},
		`a\`:                     {0, unlimited},
	} {
		lengths := func(minimum, maximum int) (keptMin, keptMax bool) {
			t.Helper()
			s := readText(t, "{pattern: %s, minLength: %d, maxLength: %d}", Quote(pattern), minimum, maximum)
			return s.Assertions["minLength"].Value != "", s.Assertions["maxLength"].Value != ""
		}
		least, most := want.shortest, want.longest
		if most == unlimited {
			most = 1 << 30
		}
		keptMin, keptMax := lengths(least, most)
		if keptMin || keptMax != (want.longest == unlimited) {
			t.Errorf("%s with the lengths %d and %d: kept %v and %v", pattern, least, most, keptMin, keptMax)
		}
		if keptMin, keptMax = lengths(least+1, most-1); !keptMin || !keptMax {
			t.Errorf("%s with the lengths %d and %d: kept %v and %v, want both", pattern, least+1, most-1, keptMin, keptMax)
		}
	}
}

// TestPatternForms checks the canonical form of patterns, and that patterns without an effect
// are removed.
func TestPatternForms(t *testing.T) {
	const uuid, hex = "format=\"uuid\"", "[0-9a-fA-F]"
	long := strings.Repeat("a", maxPattern-3)
	for pattern, want := range map[string]string{
		"": "", "^": "", "$": "", "()": "", ".*": "", "^.*$": "", "(?s).*": "", `[\s\S]*`: "", "^.*": "", ".*.*": "",
		"^$": `pattern="(?-m:\\A$)"`, "^()$": `pattern="(?-m:\\A(?:)$)"`, ".": `pattern="(?-s:.)"`, "a*": `pattern="a*"`, ".+": `pattern="(?-s:.+)"`,
		"[a-z]*": `pattern="[a-z]*"`, "(?!a).*": `pattern="(?!a).*"`,
		"(a)(?:b)": `pattern="ab"`, "[cba]": `pattern="[a-c]"`, `a`: `pattern="a"`,
		long + "(b)": `pattern="` + long + `b"`, long + "a(b)": `pattern="` + long + `a(b)"`,
		"^" + hex + "{8}-" + hex + "{4}-" + hex + "{4}-" + hex + "{4}-" + hex + "{12}$": uuid,
		`(?i)^\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b$`:                           uuid,
		"(^" + hex + "{8}-(?:" + hex + "{4}-){3}" + hex + "{12}$)":                      uuid,
	} {
		if got := assertions(readText(t, "{pattern: %s}", Quote(pattern))); got != want {
			t.Errorf("%.80q: got %.80s, want %.80s", pattern, got, want)
		}
	}
	for _, pattern := range []string{
		"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "^" + hex + "{8}(-" + hex + "{4}){3}-" + hex + "{12}", hex + "{8}(-" + hex + "{4}){3}-" + hex + "{12}$",
		"^" + hex + "{8}(-" + hex + "{4}){3}-" + hex + "{13}$", "^" + hex + "{8}(-" + hex + "{4}){2}-" + hex + "{12}$", "^" + hex + "{8}(:" + hex + "{4}){3}-" + hex + "{12}$",
	} {
		if got := assertions(readText(t, "{pattern: %s}", Quote(pattern))); !strings.HasPrefix(got, "pattern=") {
			t.Errorf("%s: got %s", pattern, got)
		}
	}
}
