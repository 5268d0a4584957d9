package report

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestJSONIsReportDocument(t *testing.T) {
	type finding struct {
		Message string  `json:"message"`
		Old     *string `json:"old"`
	}
	got := string(written(t, JSON, &Report{Document: []finding{{Message: `a <b> & "c"`}}}, Options{}))
	want := "[\n  {\n    \"message\": \"a <b> & \\\"c\\\"\",\n    \"old\": null\n  }\n]\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestJSONEscapesUnprintable checks that JSON has no characters that a terminal
// interprets or hides, and that it still decodes to the original text.
func TestJSONEscapesUnprintable(t *testing.T) {
	text := "\x1b[31m \x7f \u009b31m \u202e \u2066 \u200b \ufeff \U000e0041 日本 😀 \u2028 ok"
	got := written(t, JSON, &Report{Document: text}, Options{})
	for _, r := range strings.TrimSuffix(string(got), "\n") {
		if !printable(r) {
			t.Errorf("%U is not escaped", r)
		}
	}
	var back string
	if err := json.Unmarshal(got, &back); err != nil || back != text {
		t.Errorf("read back %q, %v", back, err)
	}
}

func TestJSONEncodingErrors(t *testing.T) {
	if err := WriteJSON(&strings.Builder{}, func() {}); err == nil {
		t.Error("a function was encoded")
	}
}
