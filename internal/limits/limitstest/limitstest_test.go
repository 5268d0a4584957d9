package limitstest_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// failures counts the errors of a test instead of failing.
type failures struct {
	testing.TB
	count int
}

func (f *failures) Helper()               {}
func (f *failures) Errorf(string, ...any) { f.count++ }

func TestGrowth(t *testing.T) {
	for _, test := range []struct {
		name  string
		cost  func(n int) int64
		fails bool
	}{
		{"nothing is counted", func(int) int64 { return 0 }, true},
		{"linear", func(n int) int64 { return int64(3*n + 100) }, false},
		{"n log n", func(n int) int64 { return int64(n * len(fmt.Sprintf("%b", n))) }, false},
		{"quadratic", func(n int) int64 { return int64(n * n) }, true},
		{"n to the power of 1.5", func(n int) int64 { return int64(math.Pow(float64(n), 1.5)) }, true},
		{"exponential", func(n int) int64 { return 1 << min(n/8, 62) }, true},
	} {
		var f failures
		limitstest.Growth(&f, test.name, 64, test.cost)
		if (f.count > 0) != test.fails {
			t.Errorf("%s: %d failures, want any %v", test.name, f.count, test.fails)
		}
	}
}

func TestJSONShapesGrow(t *testing.T) {
	for name, shape := range limitstest.JSON {
		small, large := shape(100), shape(1000)
		if !json.Valid([]byte(small)) || !json.Valid([]byte(large)) {
			t.Errorf("%s is not JSON", name)
		}
		if len(large) < 8*len(small) {
			t.Errorf("%s: %d bytes at size 100 and %d at size 1,000", name, len(small), len(large))
		}
	}
}

func TestMemory(t *testing.T) {
	var kept []byte
	if got := limitstest.Memory(func() { kept = make([]byte, 1<<20) }); got < 1<<20 || len(kept) == 0 {
		t.Errorf("%d bytes for an allocation of 1 MiB", got)
	}
}

func TestMemoryGrowth(t *testing.T) {
	var kept [][]byte
	for name, test := range map[string]struct {
		size  func(n int) int
		fails bool
	}{
		"linear": {func(n int) int { return 3 * n }, false}, "quadratic": {func(n int) int { return n * n }, true},
	} {
		var f failures
		limitstest.MemoryGrowth(&f, name, 1000, func(n int) string { return strings.Repeat("x", n) }, func(text string) {
			kept = append(kept, make([]byte, test.size(len(text))))
		})
		if (f.count > 0) != test.fails {
			t.Errorf("%s: %d failures, want any %v", name, f.count, test.fails)
		}
	}
}

// TestTexts checks the texts that growth tests are made of.
func TestTexts(t *testing.T) {
	for got, want := range map[string]string{
		limitstest.List(3, func(i int) string { return strings.Repeat("x", i) }): ", x, xx",
		limitstest.Numbered(2, "a%d=%d;"):                                        "a0=0;a1=1;",
		limitstest.NumberedList(2, "v%d"):                                        "v0, v1",
		limitstest.NumberedList(0, "v%d"):                                        "",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
