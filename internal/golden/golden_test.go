package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder is a testing.TB that records failures.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); panic(r) }

func TestCheck(t *testing.T) {
	file := filepath.Join(t.TempDir(), "want.txt")
	check := func(got string) (said string) {
		r := &recorder{TB: t}
		defer func() {
			if recover(); len(r.said) > 0 {
				said = r.said[0]
			}
		}()
		Check(r, file, []byte(got))
		return ""
	}
	if got := check("a"); !strings.Contains(got, "create it with -update") {
		t.Errorf("without a file: %q", got)
	}
	*update = true
	got := check("a")
	*update = false
	if text, err := os.ReadFile(file); got != "" || err != nil || string(text) != "a" {
		t.Errorf("with -update: %q, %q, %v", got, text, err)
	}
	if got := check("a"); got != "" {
		t.Errorf("the same: %q", got)
	}
	if got := check("b"); !strings.Contains(got, "differs") {
		t.Errorf("another: %q", got)
	}
}
