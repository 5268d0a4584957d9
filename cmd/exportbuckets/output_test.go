package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// Ids that YAML would read as numbers, and texts that it would read as another type, remain
// texts. The YAML and the JSON have the same values.
func TestFormatsAgree(t *testing.T) {
	buckets := []*client.ExportBucket{
		{ID: "123456789012345678901234", Target: client.AWS{BucketName: "yes", IAMRoleID: "6657e1810000000001000001"}},
		{ID: "6657e1810000000001000001", Target: client.GCP{BucketName: "null", RoleID: "0x1"}},
		{ID: "a", Target: client.GCP{BucketName: "two\nlines: # -", RoleID: "~"}},
		{ID: "b", Target: client.GCP{BucketName: "\u0085\u202e\u2028\U000e0001\ufeff\x7f\x00", RoleID: "&*!%@`"}},
		unknown(t, `{"_id":"c","cloudProvider":"MARS","n":1.50,"i":12345678901234567890,"t":true,"z":null,"deep":[[{"a":[]}],{}],"\u202e":"key"}`),
	}
	for _, b := range buckets {
		var asJSON, asYAML bytes.Buffer
		if err := writeBucket(formatJSON, &asJSON, b); err != nil {
			t.Fatal(err)
		}
		if err := writeBucket(formatYAML, &asYAML, b); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{asJSON.String(), asYAML.String()} {
			if strings.ContainsFunc(text, termtext.Unprintable) {
				t.Errorf("%q contains characters that a terminal interprets", text)
			}
		}
		sameValue(t, asJSON.Bytes(), asYAML.Bytes())
	}
}

// sameValue compares a YAML text with a JSON text.
func sameValue(t *testing.T, asJSON, asYAML []byte) {
	t.Helper()
	var want, got any
	if err := json.Unmarshal(asJSON, &want); err != nil {
		t.Fatalf("%s: %v", asJSON, err)
	}
	if err := yaml.Unmarshal(asYAML, &got); err != nil {
		t.Fatalf("%s: %v", asYAML, err)
	}
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	if err := json.Unmarshal(again, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-JSON +YAML:\n%s\n%s", diff, asYAML)
	}
}

func unknown(t testing.TB, text string) *client.ExportBucket {
	t.Helper()
	b := new(client.ExportBucket)
	if err := json.Unmarshal([]byte(text), b); err != nil {
		t.Fatal(err)
	}
	return b
}

// Lists of any length are valid documents; incomplete lists are not.
func TestListDocuments(t *testing.T) {
	for _, format := range []string{formatJSON, formatYAML} {
		for _, n := range []int{0, 1, 3} {
			var out bytes.Buffer
			l := newListWriter(&listing{session: &session{bucketFlags: &bucketFlags{output: format}, out: &out}, flags: &listFlags{}})
			for range n {
				if err := l.add(&client.ExportBucket{ID: "a", Target: client.GCP{}}); err != nil {
					t.Fatal(err)
				}
			}
			if err := l.flush(); err != nil {
				t.Fatal(err)
			}
			if format == formatJSON && json.Valid(out.Bytes()) {
				t.Errorf("%d buckets without the end of the list are valid JSON: %s", n, out.Bytes())
			}
			if err := l.end(7); err != nil {
				t.Fatal(err)
			}
			var list struct {
				Results    []map[string]any `yaml:"results"`
				TotalCount int              `yaml:"totalCount"`
			}
			if err := yaml.Unmarshal(out.Bytes(), &list); err != nil || len(list.Results) != n || list.TotalCount != 7 || list.Results == nil {
				t.Errorf("%s of %d: %v %+v\n%s", format, n, err, list, out.Bytes())
			}
		}
	}
}

// TestDeepJSONStaysSmall checks that the size of the indented output for deeply nested JSON
// grows linearly with the depth.
func TestDeepJSONStaysSmall(t *testing.T) {
	const depth = 5000
	b := unknown(t, `{"_id":"c","cloudProvider":"MARS","deep":`+strings.Repeat("[", depth)+strings.Repeat("]", depth)+`}`)
	for _, format := range outputFormats {
		var out bytes.Buffer
		if err := writeBucket(format, &out, b); err != nil {
			t.Fatal(err)
		}
		if out.Len() > 20*depth {
			t.Errorf("%s takes %d bytes", format, out.Len())
		}
	}
}

func FuzzFormats(f *testing.F) {
	f.Add(`{"_id":"6657e1810000000001000001","cloudProvider":"MARS","a":"\u202e\n- x: y","b":[1e3,-0,null,{}]}`)
	f.Add(`{"_id":"0","cloudProvider":"GCP","bucketName":"# \"'|>%@","roleId":"0o7"}`)
	f.Add(`{"_id":" ","cloudProvider":"","":"","<<":{"a":1}}`)
	f.Fuzz(func(t *testing.T, text string) {
		b := new(client.ExportBucket)
		if json.Unmarshal([]byte(text), b) != nil || strings.Contains(text, `"<<"`) || hasTwins(text) {
			t.Skip("no bucket, or one that YAML readers merge")
		}
		var asJSON, asYAML bytes.Buffer
		if err := writeBucket(formatJSON, &asJSON, b); err != nil {
			t.Fatal(err)
		}
		if err := writeBucket(formatYAML, &asYAML, b); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(asJSON.String()+asYAML.String(), termtext.Unprintable) {
			t.Errorf("%q or %q contains characters that a terminal interprets", asJSON.String(), asYAML.String())
		}
		sameValue(t, asJSON.Bytes(), asYAML.Bytes())
	})
}

// hasTwins reports whether an object has a duplicate name, which YAML forbids.
func hasTwins(text string) bool {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return true
	}
	once, err := json.Marshal(v)
	if err != nil {
		return true
	}
	var compact bytes.Buffer
	return json.Compact(&compact, []byte(text)) != nil || strings.Count(compact.String(), `":`) != strings.Count(string(once), `":`)
}
