package pipeline

import (
	"strings"
	"testing"
)

// TestDecisions reads overlays whose first action decides nothing.
func TestDecisions(t *testing.T) {
	for decides, want := range map[string]string{"{/a: {b: 1}}": "", "[/a]": "changes.yaml: action 2: x-decides must map pointers", "{/a: .nan}": "changes.yaml: action 2: json: unsupported value"} {
		got, err := decisions("changes.yaml", []byte("overlay: 1.0.0\ninfo: {title: Changes, version: '1'}\nactions:\n  - {target: $.info, remove: true}\n"+
			"  - {target: $.info, description: why, remove: true, x-correction: c, x-decides: "+decides+"}\n"))
		switch {
		case want == "" && (err != nil || len(got) != 1 || got["/a"] != Decision{ID: "c", Reason: "why", Wrong: `{"b":1}`}):
			t.Errorf("%s: %v, %v", decides, got, err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("%s: %v, want %s", decides, err, want)
		}
	}
	if _, err := decisions("changes.yaml", []byte("actions: 3")); err == nil {
		t.Error("no overlay: no error")
	}
}
