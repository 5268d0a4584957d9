package main

import "runtime/debug"

// limitMemory makes the garbage collector run more often once about limit bytes are in use,
// unless GOMEMLIMIT is lower already. The function that it returns restores the limit.
func limitMemory(limit int64) (restore func()) {
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, before))
	return func() { debug.SetMemoryLimit(before) }
}

// specMemory returns the memory limit for reading specifications of a total size: 100 MB,
// which includes the program itself, plus 25 times the size.
func specMemory(size int) int64 { return 80e6 + 25*int64(size) }
