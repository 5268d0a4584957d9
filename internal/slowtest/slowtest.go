// Package slowtest decides which tests do less work, and in which runs, so that every test
// runs completely in at least one step of make check.
//
// A test that takes more than about a second of CPU time calls [Skip]: it does not run
// under -short, which make test sets, but it runs in make race. A test that is also too
// slow for the race detector calls [Reduced] and tries fewer cases if Reduced returns true:
// such a test runs completely in make cover. A transcript of the command starts with
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
func Reduced() bool { return RaceDetector || testing.Short() }
