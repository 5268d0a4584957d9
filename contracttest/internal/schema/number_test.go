package schema

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDecimalCompare(t *testing.T) {
	ordered := []string{"-1e999999999999999999", "-1e400", "-10", "-9.5", "-1e-400", "0", "1e-999999999999", "1e-400", "0.1", "0.11", "1", "9007199254740992", "9007199254740993", "9223372036854775808", "1e400", "1.1e400", "1e401", "1e1000000000"}
	for i, a := range ordered {
		for j, b := range ordered {
			x, okX := parseDecimal(a)
			y, okY := parseDecimal(b)
			if want := min(1, max(-1, i-j)); !okX || !okY || x.compare(y) != want {
				t.Errorf("%s compared with %s is %d, want %d", a, b, x.compare(y), want)
			}
		}
	}
	for _, same := range []string{"1 1.0 10e-1 0.1E+1 1000e-3", "0 -0 0.0 0e5 0e99999999999", "-25 -2.5e1 -250e-1"} {
		first, _ := parseDecimal(strings.Fields(same)[0])
		for _, text := range strings.Fields(same) {
			if d, ok := parseDecimal(text); !ok || d.compare(first) != 0 || d.String() != first.String() {
				t.Errorf("%s is %v, want %v", text, d, first)
			}
		}
	}
	for _, text := range []string{"", "-", "x", "1e", "1ex", "0x1", "1_0", "--1", "1e5x", "e5", "Infinity", "NaN"} {
		if d, ok := parseDecimal(text); ok {
			t.Errorf("%q is taken for %v", text, d)
		}
	}
}

// TestDecimalAgreesWithRationals compares with math/big, within the range that it can
// expand.
func TestDecimalAgreesWithRationals(t *testing.T) {
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,10})?(e[+-]?[0-9]{1,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		d, okA := parseDecimal(a)
		e, okB := parseDecimal(b)
		if !okA || !okB || d.compare(e) != x.Cmp(y) || d.isInteger() != x.IsInt() || (d.String() == e.String()) != (x.Cmp(y) == 0) {
			t.Fatalf("%s and %s: %v and %v", a, b, d, e)
		}
		if y.Sign() == 0 {
			return
		}
		if is, known := d.isMultipleOf(e); !known || is != new(big.Rat).Quo(x, y).IsInt() {
			t.Fatalf("%s is a multiple of %s: %v, %v", a, b, is, known)
		}
	})
}
