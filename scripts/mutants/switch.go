//go:build unix

package main

// switchSource is the file that each package under test gets. It declares the switch and
// the functions that the changed expressions call; %s is the package, %d the number of
// changes.
//
// The reached changes are written to a mapped file, because a process may end without
// returning from main.
const switchSource = `package %s

import (
	"cmp"
	"os"
	"strconv"
	"syscall"
)

const mutantCount = %d

var mutantActive, mutantReached = mutantStart()

func mutantStart() (int, []byte) {
	active, err := strconv.Atoi(os.Getenv("MUTANT"))
	if err != nil {
		active = -1
	}
	name := os.Getenv("MUTANTS_REACHED")
	if name == "" {
		return active, nil
	}
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return active, nil
	}
	defer file.Close()
	reached, err := syscall.Mmap(int(file.Fd()), 0, mutantCount, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	return active, reached
}

func mutantIs(n int) bool {
	if mutantReached != nil {
		mutantReached[n] = 1
	}
	return n == mutantActive
}

type mutantNumber interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64
}

type mutantInteger interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

func mutantLess[T cmp.Ordered](n int, a, b T) bool {
	if mutantIs(n) {
		return a <= b
	}
	return a < b
}

func mutantLessOrEqual[T cmp.Ordered](n int, a, b T) bool {
	if mutantIs(n) {
		return a < b
	}
	return a <= b
}

func mutantGreater[T cmp.Ordered](n int, a, b T) bool {
	if mutantIs(n) {
		return a >= b
	}
	return a > b
}

func mutantGreaterOrEqual[T cmp.Ordered](n int, a, b T) bool {
	if mutantIs(n) {
		return a > b
	}
	return a >= b
}

func mutantAdd[T mutantNumber](n int, a, b T) T {
	if mutantIs(n) {
		return a - b
	}
	return a + b
}

func mutantSubtract[T mutantNumber](n int, a, b T) T {
	if mutantIs(n) {
		return a + b
	}
	return a - b
}

func mutantMultiply[T mutantNumber](n int, a, b T) T {
	if mutantIs(n) {
		return a / b
	}
	return a * b
}

func mutantDivide[T mutantNumber](n int, a, b T) T {
	if mutantIs(n) {
		return a * b
	}
	return a / b
}

func mutantRemainder[T mutantInteger](n int, a, b T) T {
	if mutantIs(n) {
		return a * b
	}
	return a %% b
}

func mutantConstant[T mutantNumber](n int, v T) T {
	if mutantIs(n) {
		return 2*v + 1
	}
	return v
}

func mutantText[T ~string](n int, v T) T {
	if mutantIs(n) {
		return v + "-mutant"
	}
	return v
}

func mutantZero[T any](n int, v T) T {
	if mutantIs(n) {
		var zero T
		return zero
	}
	return v
}
`
