// Package slowtest decides which tests do less work, and in which runs, so that every test
// runs whole in at least one step of make check.
//
// A test that takes more than about a second of CPU time calls [Skip]: it does not run
// under -short, which make test sets, and it runs in make race. A test that is too slow for
// the race detector as well calls [Reduced] and tries fewer cases if it returns true: such
// a test runs whole in make cover. A transcript of the command starts with
// "[short] skip" instead.
package slowtest

import "testing"

// Skip skips the test under -short.
func Skip(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes more than a second of CPU time; make race runs it")
	}
}

// Reduced reports whether a test should try fewer cases: under -short and under the race
// detector.
func Reduced() bool { return Raced || testing.Short() }
