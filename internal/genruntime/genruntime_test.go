package genruntime_test

import (
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/genruntime"
)

func TestStyleParam(t *testing.T) {
	type provider string
	path := genruntime.StyleParamOptions{ParamLocation: genruntime.ParamLocationPath}
	query := genruntime.StyleParamOptions{ParamLocation: genruntime.ParamLocationQuery}
	for _, tc := range []struct {
		style string
		value any
		in    genruntime.StyleParamOptions
		want  string // "" is an error
	}{
		{"simple", "0123456789abcdef01234567", path, "0123456789abcdef01234567"},
		{"simple", "a/b?c", path, "a%2Fb%3Fc"},
		{"simple", provider("AWS"), path, "AWS"},
		{"form", true, query, "p=true"},
		{"form", 500, query, "p=500"},
		{"form", int64(-1), query, "p=-1"},
		{"form", 0.5, query, "p=0.5"},
		{"form", "a b&c", query, "p=a+b%26c"},
		{"form", []string{"a"}, query, ""},
		{"form", nil, query, ""},
		{"deepObject", "a", query, ""},
		{"form", "a", path, ""},
	} {
		got, err := genruntime.StyleParamWithOptions(tc.style, true, "p", tc.value, tc.in)
		if got != tc.want || (err != nil) != (tc.want == "") {
			t.Errorf("%s %v: %q, %v; want %q", tc.style, tc.value, got, err, tc.want)
		}
	}
}

func TestJSONMerge(t *testing.T) {
	for _, tc := range []struct{ data, patch, want string }{
		{`{"bucketName":"snaps"}`, `{"cloudProvider":"AWS"}`, `{"bucketName":"snaps","cloudProvider":"AWS"}`},
		{``, `{"cloudProvider":"AWS"}`, `{"cloudProvider":"AWS"}`},
		{`null`, `{"a":1}`, `{"a":1}`},
		{`{"a":{"b":1,"c":2}}`, `{"a":{"b":null,"d":3}}`, `{"a":{"c":2,"d":3}}`},
		{`{"a":[1]}`, `{"a":{"b":null}}`, `{"a":{}}`},
		{`{"a":1}`, `[2]`, `[2]`},
		{`{"a":1}`, `null`, `null`},
		{`{"a":1.50}`, `{"b":12345678901234567890}`, `{"a":1.50,"b":12345678901234567890}`},
		{`{`, `{"a":1}`, ``},
		{`{}`, `{`, ``},
	} {
		got, err := genruntime.JSONMerge([]byte(tc.data), []byte(tc.patch))
		if string(got) != tc.want || (err != nil) != (tc.want == "") {
			t.Errorf("%s + %s: %s, %v; want %s", tc.data, tc.patch, got, err, tc.want)
		}
	}
}
