package selection_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/selection"
)

// TestGrowth checks that a selection allocates in proportion to the words and to the
// operations.
func TestGrowth(t *testing.T) {
	some := operations(20)
	words := func(n int) string { return strings.TrimSuffix(strings.Repeat("op1,-*x*,", n), ",") }
	limitstest.MemoryGrowth(t, "words", 100, words, func(text string) { selectAll(t, strings.Split(text, ","), some) })

	const small, times = 200, 8 // a quadratic allocation would grow by a factor of 16
	before := limitstest.Memory(func() { selectAll(t, []string{"all", "-op7"}, operations(small)) })
	after := limitstest.Memory(func() { selectAll(t, []string{"all", "-op7"}, operations(4*small)) })
	if after > times*before {
		t.Errorf("selecting from %d operations allocates %d bytes, from %d it allocates %d", small, before, 4*small, after)
	}
}

func selectAll(t *testing.T, words []string, ops []*oas.Operation) {
	t.Helper()
	s, err := selection.Parse(words)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Select(ops, selection.Options{}); err != nil {
		t.Fatal(err)
	}
}

func operations(n int) []*oas.Operation {
	ops := make([]*oas.Operation, n)
	for i := range ops {
		ops[i] = &oas.Operation{ID: fmt.Sprint("op", i), Method: "GET", Path: fmt.Sprint("/p", i)}
	}
	return ops
}
