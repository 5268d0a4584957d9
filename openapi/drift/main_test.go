package drift

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain makes garbage collection less frequent, because the tests make thousands of small
// documents. That halves their time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(1000)
	debug.SetMemoryLimit(1 << 30)
	os.Exit(m.Run())
}
