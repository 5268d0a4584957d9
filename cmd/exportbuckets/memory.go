package main

import "runtime/debug"

// limitMemory makes the garbage collector run more often once about limit bytes are in use,
// unless GOMEMLIMIT is lower already. The function that it returns restores the limit.
func limitMemory(limit int64) (restore func()) {
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, before))
	return func() { debug.SetMemoryLimit(before) }
}

// specMemory is the memory from which on the garbage collector runs more often when
// specifications of a total size are read: with the program's own pages, 100 MB and 25 times
// the size.
func specMemory(size int) int64 { return 80e6 + 25*int64(size) }
