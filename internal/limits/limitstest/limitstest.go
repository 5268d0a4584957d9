// Package limitstest checks how the cost of a reader grows with its input.
//
// A test creates inputs of one shape at the sizes n, 2n and 4n, and returns the cost of
// reading each. The cost is in steps, not seconds, so that the result is the same on every
// machine.
//
//	for shape, text := range limitstest.JSON {
//		limitstest.Growth(t, shape, 1000, func(n int) int64 {
//			budget := limits.New(limits.Limits{})
//			read(budget, text(n))
//			return budget.Used().Work
//		})
//	}
package limitstest

import (
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// slack is the factor by which the cost may exceed n log n, because a shape has fixed parts
// in addition to its n members.
const slack = 1.1

// Growth fails the test if the cost of an input grows faster than n log n between the
// sizes n, 2n and 4n. Unlike a time limit, it detects a quadratic loop on small inputs.
func Growth(t testing.TB, shape string, n int, cost func(n int) int64) {
	t.Helper()
	before := cost(n)
	if before <= 0 {
		t.Errorf("%s: reading size %d cost %d steps; the test counts nothing", shape, n, before)
		return
	}
	for range 2 {
		after := cost(2 * n)
		allowed := slack * float64(before) * 2 * math.Log2(float64(2*n)) / math.Log2(float64(n))
		if float64(after) > allowed {
			t.Errorf("%s: size %d costs %d and size %d costs %d: it grows faster than n log n, which allows %.0f", shape, n, before, 2*n, after, allowed)
		}
		before, n = after, 2*n
	}
}

// Memory returns the number of bytes that a function allocates, including those that it
// frees.
func Memory(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// maxMemoryGrowth is the largest factor by which allocations may grow if the input becomes
// four times as large. n log n grows by a factor of about 5, n squared by 16. The limit is
// between the two because slices and maps grow in steps.
const maxMemoryGrowth = 8

// MemoryGrowth fails the test if the bytes that read allocates grow faster than n log n
// between inputs of the sizes n and 4n. It is for readers without a budget.
func MemoryGrowth(t testing.TB, shape string, n int, text func(n int) string, read func(text string)) {
	t.Helper()
	small, large := text(n), text(4*n)
	before, after := Memory(func() { read(small) }), Memory(func() { read(large) })
	if after > maxMemoryGrowth*before {
		t.Errorf("%s: size %d allocates %d bytes and size %d allocates %d: it grows faster than n log n", shape, n, before, 4*n, after)
	}
}

// JSON contains shapes of JSON text by name. Each function takes a size and returns a value
// with about that many members. JSON text is also YAML.
var JSON = map[string]func(n int) string{
	"wide map": func(n int) string {
		return "{" + List(n, func(i int) string { return fmt.Sprintf("%q: %d", fmt.Sprint("key", i), i) }) + "}"
	},
	"long list": func(n int) string {
		return "[" + List(n, func(i int) string { return strconv.Quote(strconv.Itoa(i)) }) + "]"
	},
	"long scalar": func(n int) string { return `"` + strings.Repeat("x", n) + `"` },
	"many entries": func(n int) string {
		return "[" + List(n, func(i int) string { return fmt.Sprintf(`{"name": %q, "value": %d}`, fmt.Sprint("n", i), i) }) + "]"
	},
	"nests of 50": func(n int) string {
		nest := strings.Repeat(`[`, 50) + "1" + strings.Repeat(`]`, 50)
		return "[" + List(max(n/50, 1), func(int) string { return nest }) + "]"
	},
}
