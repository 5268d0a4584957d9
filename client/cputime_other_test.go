//go:build !unix

package client_test

import (
	"testing"
	"time"
)

var processStarted = time.Now()

// cpuTime returns the time since the process has started, where its CPU time is not
// to be had: the benchmarks then compare the time that calls take.
func cpuTime(testing.TB) time.Duration { return time.Since(processStarted) }
