package drift

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPiped checks that only standard input counts as read from a pipe.
func TestPiped(t *testing.T) {
	file := filepath.Join(t.TempDir(), "v2.yaml")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, piped := range map[string]bool{"-": true, file: false} {
		s := Source{Stdin: strings.NewReader("x")}
		if in, err := s.Read(t.Context(), name); err != nil || in.Piped != piped || string(in.Data) != "x" {
			t.Errorf("%s: %+v, %v", name, in, err)
		}
	}
}

// TestCounters checks that accepted changes are counted only if there are any.
func TestCounters(t *testing.T) {
	for accepted, want := range [][]string{{"breaking", "tolerate", "additive", "planning", "docs"}, {"breaking", "tolerate", "additive", "planning", "docs", "accepted"}} {
		var names []string
		for _, c := range (&Report{Accepted: make([]Accepted, accepted)}).counters() {
			names = append(names, c.Name)
		}
		if strings.Join(names, " ") != strings.Join(want, " ") {
			t.Errorf("%d accepted: %v, want %v", accepted, names, want)
		}
	}
}

// TestItem checks which places of a change a report shows, and that a missing value is empty.
func TestItem(t *testing.T) {
	upstream, baseline := Place{File: "now.yaml", Line: 1}, Place{File: "was.yaml", Line: 2}
	for _, test := range []struct {
		name           string
		change         Change
		file           string
		related        string
		before, latest string
	}{
		{"both", Change{Upstream: upstream, Baseline: baseline, New: []byte("1")}, "now.yaml", "was.yaml", "", "1"},
		{"only upstream", Change{Upstream: upstream}, "now.yaml", "", "", ""},
		{"only the baseline", Change{Baseline: baseline, Old: []byte("2")}, "was.yaml", "", "2", ""},
	} {
		it, related := test.change.item(Planning), ""
		if it.Related != nil {
			related = it.Related.File
		}
		if it.Location.File != test.file || related != test.related || it.Expected != test.before || it.Actual != test.latest {
			t.Errorf("%s: %+v", test.name, it)
		}
	}
}
