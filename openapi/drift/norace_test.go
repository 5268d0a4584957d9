//go:build !race

package drift

const stride = 1
