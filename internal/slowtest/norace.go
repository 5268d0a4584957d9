//go:build !race

package slowtest

// Raced reports whether the race detector is on.
const Raced = false
