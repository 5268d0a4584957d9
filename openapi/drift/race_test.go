//go:build race

package drift

// stride thins the mutations out under the race detector, which is ten times slower.
const stride = 9
