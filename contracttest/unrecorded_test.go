package contracttest

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// entryOf returns a HAR of one GET of a bucket whose response has the given content.
func entryOf(content string) string {
	return `{"log":{"version":"1.2","creator":{"name":"t","version":"1"},"entries":[{"request":{"method":"GET",` +
		`"url":"https://cloud.mongodb.com/api/atlas/v2/groups/5f1a2b3c4d5e6f7a8b9c0d1e/backup/exportBuckets/5f1a2b3c4d5e6f7a8b9c0d1f",` +
		`"headers":[{"name":"Accept","value":"` + atlas2024 + `"}]},"response":{"status":200,` +
		`"headers":[{"name":"Content-Type","value":"` + atlas2024 + `"}],"content":` + content + `}}]}}`
}

func TestUnrecordedBodiesAreCounted(t *testing.T) {
	tests := map[string]struct {
		content, rule string
		count         int
	}{
		"in another file":               {`{"size":166,"_file":"0a.json"}`, "", 1},
		"in another file, no size":      {`{"_file":"0a.json"}`, "", 1},
		"in another file, size 0":       {`{"size":0,"_file":"0a.json"}`, "", 1},
		"omitted":                       {`{"size":166,"mimeType":"x"}`, "", 1},
		"omitted, size unknown":         {`{"size":-1}`, "", 1},
		"text is an object":             {`{"size":0,"text":{"_id":"x"}}`, "", 1},
		"text is a list":                {`{"text":[]}`, "", 1},
		"empty, and therefore recorded": {`{"size":0,"text":""}`, "missing-body", 0},
		"size 0 without text":           {`{"size":0}`, "missing-body", 0},
		"empty text of another size":    {`{"size":9,"text":""}`, "missing-body", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := Verify(fstest.MapFS{"a.har": {Data: []byte(entryOf(tc.content))}}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			rule := ""
			for _, f := range r.Findings {
				rule += string(f.Rule)
			}
			if r.Summary.BodiesNotRecorded != tc.count || rule != tc.rule {
				t.Errorf("%d bodies not recorded, findings %q; want %d, %q", r.Summary.BodiesNotRecorded, rule, tc.count, tc.rule)
			}
			notes := r.model("v0").Notes
			if len(notes) != tc.count {
				t.Fatalf("notes %+v", notes)
			}
			if named := tc.count > 0 && strings.Contains(notes[0].Next, "_file: 0a.json"); named != strings.Contains(tc.content, "_file") {
				t.Errorf("the hint is %q", notes[0].Next)
			}
		})
	}
}

func TestUnrecordedRequestBodyIsCounted(t *testing.T) {
	for name, tc := range map[string]struct {
		base  string
		edit  edit
		count int
	}{
		"required":                        {create, func(x *recording.Exchange) { x.Request.Body = recording.Body{} }, 1},
		"recorded":                        {create, func(*recording.Exchange) {}, 0},
		"none declared":                   {getAWS, func(*recording.Exchange) {}, 0},
		"204 has no body":                 {remove, func(x *recording.Exchange) { x.Response.Body = recording.Body{} }, 0},
		"refused, and therefore not read": {invalid, func(x *recording.Exchange) { x.Request.Body = recording.Body{} }, 0},
	} {
		x := documented(t, tc.base)
		tc.edit(x)
		if v := testValidator(t, Options{}).validate(x); len(v.unrecorded) != tc.count {
			t.Errorf("%s: %d bodies are not recorded, want %d", name, len(v.unrecorded), tc.count)
		}
	}
}

func TestSkippedRecordingIsNamed(t *testing.T) {
	r, err := Verify(fstest.MapFS{
		"a.har": {Data: []byte(entryOf(`{"size":1}`))}, "har.zip": {Data: []byte("PK\x03\x04")}, "notes": {Data: []byte("x")},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.SkippedRecordings) != 1 || r.SkippedRecordings[0].Recording.File != "har.zip" || r.Summary.Skipped != 2 {
		t.Errorf("skipped %+v of %d", r.SkippedRecordings, r.Summary.Skipped)
	}
}

func TestPreflightIsOutOfScope(t *testing.T) {
	x := documented(t, getAWS)
	x.Request.Method, x.Response.Status = "OPTIONS", 204
	x.Request.Header.Set("Origin", "https://app.example")
	if v := testValidator(t, Options{}).validate(x); formatFindings(v) != "unknown-operation" {
		t.Errorf("a plain OPTIONS: %s", formatFindings(v))
	}
	x.Request.Header.Set("Access-Control-Request-Method", "GET")
	if v := testValidator(t, Options{}).validate(x); v.match != nil || formatFindings(v) != "" {
		t.Errorf("a preflight: match %v, findings %s", v.match, formatFindings(v))
	}
}
