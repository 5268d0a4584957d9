package drift

import (
	"os"
	"runtime/debug"
	"testing"
)

// The tests make thousands of small documents; collecting rarely halves their time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(1000)
	debug.SetMemoryLimit(1 << 30)
	os.Exit(m.Run())
}
