package main

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseVariables(t *testing.T) {
	for text, want := range map[string]variables{
		"": {},
		"\ufeff# comment\n\nMONGODB_ATLAS_CLIENT_ID=a\r\n":     {"MONGODB_ATLAS_CLIENT_ID": "a"},
		"export MCLI_PRIVATE_API_KEY='a b'\\''c'":              {"MCLI_PRIVATE_API_KEY": "a b'c"},
		`MONGODB_ATLAS_CLIENT_SECRET="a\"b\$\n" # note`:        {"MONGODB_ATLAS_CLIENT_SECRET": `a"b$\n`},
		`MONGODB_ATLAS_CLIENT_SECRET=a#b\ c`:                   {"MONGODB_ATLAS_CLIENT_SECRET": "a#b c"},
		`MONGODB_ATLAS_CLIENT_SECRET = a=b `:                   {"MONGODB_ATLAS_CLIENT_SECRET": "a=b"},
		"MONGODB_ATLAS_ACCESS_TOKEN=\nPATH=/bin\nHOME":         nil,
		"MONGODB_ATLAS_ACCESS_TOKEN=\nPATH=/bin\nHOME=":        {},
		"MONGODB_ATLAS_PROJECT_ID=\"a":                         nil,
		"MONGODB_ATLAS_PROJECT_ID=$HOME\nMCLI_PUBLIC_KEY=`id`": {"MONGODB_ATLAS_PROJECT_ID": "$HOME", "MCLI_PUBLIC_KEY": "`id`"},
	} {
		got, err := parseVariables("x.env", text)
		if (err != nil) != (want == nil) {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); want != nil && diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// A pair of credentials comes from one source; settings that a source lacks come from the next.
func TestVariablePrecedence(t *testing.T) {
	l := variableSources{
		{"MONGODB_ATLAS_PUBLIC_KEY": "file", "MONGODB_ATLAS_PRIVATE_KEY": "file's"},
		{"MONGODB_ATLAS_PUBLIC_API_KEY": "env", "MONGODB_ATLAS_PRIVATE_API_KEY": "env's", "MCLI_PROJECT_ID": "p", "MCLI_OPS_MANAGER_URL": "u"},
	}
	got := map[string]string{}
	for _, name := range []string{"MONGODB_ATLAS_PUBLIC_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY", "MCLI_PROJECT_ID", "MONGODB_ATLAS_PROJECT_ID", "MCLI_OPS_MANAGER_URL", "PATH"} {
		got[name] = l.lookup(name)
	}
	maps.DeleteFunc(got, func(_, value string) bool { return value == "" })
	want := map[string]string{"MONGODB_ATLAS_PUBLIC_KEY": "file", "MCLI_PROJECT_ID": "p", "MCLI_OPS_MANAGER_URL": "u"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func FuzzParseVariables(f *testing.F) {
	f.Add("export MONGODB_ATLAS_CLIENT_SECRET='a'\\''b' # c\nX=\"\\\"\"")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := parseVariables("x.env", text)
		if err == nil {
			for name, value := range v {
				if groupOf(name) == otherVariable || value == "" {
					t.Errorf("%q kept %q=%q", text, name, value)
				}
			}
			return
		}
		if rest, ok := strings.CutPrefix(err.Error(), "x.env:"); !ok || strings.ContainsAny(rest, "\n\x1b") {
			t.Errorf("%q: %v", text, err)
		}
	})
}
