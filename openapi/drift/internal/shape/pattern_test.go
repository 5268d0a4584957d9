package shape

import "testing"

func TestPatternLengths(t *testing.T) {
	for _, test := range []struct {
		pattern           string
		shortest, longest int
	}{
		{"^([a-f0-9]{24})$", 24, 24},
		{"^[a-z]{3,63}$", 3, 63},
		{"^((?!xn--)(?!.*-s3alias)[a-z0-9][a-z0-9-]{1,61}[a-z0-9])$", 3, 63},
		{"^(?=.*[0-9])(?<!x)(?<=y)a+$", 1, -1},
		{"^a(b|cd)?e*$", 1, -1},
		{"^a(b|cd)$", 2, 3},
		{"^(a|b*)$", 0, -1},
		{"(^a$|^bc$)", 1, 2},
		{"^a$|b", 1, -1},
		{"[a-f]{24}", 24, -1},
		{"^\\d\\b\\D.$", 3, 3},
		{"^\\u00e9[^\\]]$", 2, 2},
		{"^[(?=]$", 1, 1},
		{"^(", 0, -1},
		{"", 0, -1},
		{"^$", 0, 0},
		{"^(a{500}){500}$", 0, -1},
	} {
		if s, l := patternLengths(test.pattern); s != test.shortest || l != test.longest {
			t.Errorf("%s: %d to %d, want %d to %d", test.pattern, s, l, test.shortest, test.longest)
		}
	}
}

func TestUUIDPattern(t *testing.T) {
	for pattern, want := range map[string]bool{
		"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$":         true,
		`^[0-9a-fA-F]{8}\b-[0-9a-fA-F]{4}\b-[0-9a-fA-F]{4}\b-[0-9a-fA-F]{4}\b-[0-9a-fA-F]{12}$`: true,
		"^([A-Fa-f0-9]{8}-([A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12})$":                                true,
		"(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$":                    true,
		"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$":                        false, // refuses capitals
		"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{11}$":         false,
		"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}":           false, // not the whole text
		"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}-$":        false,
		"^[0-9a-fA-F]{8}_[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$":         false,
		"^[0-9a-fA-F]{32}$": false,
		"^[0-9a-fA-F]*$":    false,
		"":                  false,
	} {
		if got := isUUIDPattern(pattern); got != want {
			t.Errorf("%s: %v", pattern, got)
		}
	}
}

func TestSamePattern(t *testing.T) {
	for _, same := range [][2]string{
		{"^([a-f0-9]{24})$", "^[0-9a-f]{24}$"},
		{"^(?:a|b)$", "^[ab]$"},
		{"^a(b)(c)$", "^abc$"},
	} {
		if a, b := canonicalPattern(same[0]), canonicalPattern(same[1]); a != b {
			t.Errorf("%s is %s, %s is %s", same[0], a, same[1], b)
		}
	}
	for _, other := range [][2]string{{"^a$", "^b$"}, {"^a$", "a"}, {"^(?!a)b$", "^b$"}, {"^[a-z]{3}$", "^[a-z]{4}$"}} {
		if canonicalPattern(other[0]) == canonicalPattern(other[1]) {
			t.Errorf("%s and %s are told to be the same", other[0], other[1])
		}
	}
}

func TestDemandsMore(t *testing.T) {
	for _, test := range []struct {
		keyword, a, b string
		want          bool
	}{
		{"minLength", "4", "3", true}, {"minLength", "3", "4", false}, {"minLength", "3", "3", false},
		{"maxLength", "3", "4", true}, {"maxLength", "4", "3", false},
		{"minimum", `"above 3"`, "3", true}, {"minimum", "3", `"above 3"`, false}, {"minimum", "3.5", `"above 3"`, true},
		{"maximum", `"below 3"`, "3", true}, {"maximum", "1e3", "1e4", true},
		{"minimum", "x", "3", false},
	} {
		if got := DemandsMore(test.keyword, test.a, test.b); got != test.want {
			t.Errorf("%s: %s demands more than %s: %v", test.keyword, test.a, test.b, got)
		}
	}
}

func TestCanonicalNumber(t *testing.T) {
	for in, want := range map[string]string{
		"1": "1", "1.0": "1", "+1": "1", "0x10": "16", "1_000": "1000", "1e3": "1000", "0.5": "0.5", ".5": "0.5", "1e300": "1e+300",
		"9007199254740993": "9007199254740993", "-0": "0",
	} {
		if got, ok := canonicalNumber(in); !ok || got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{".inf", ".nan", "abc", ""} {
		if got, ok := canonicalNumber(in); ok {
			t.Errorf("%s: %s", in, got)
		}
	}
}
