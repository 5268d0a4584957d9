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
