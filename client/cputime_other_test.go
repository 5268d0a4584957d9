//go:build !unix

package client_test

import (
	"testing"
	"time"
)

var processStarted = time.Now()

// cpuTime returns the time since the process started, on systems where its CPU time is not
// available. The benchmarks then compare the duration of calls.
func cpuTime(testing.TB) time.Duration { return time.Since(processStarted) }
