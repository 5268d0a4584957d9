package oas

import (
	"cmp"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// Decimal is a number with all of its digits: 0.digits × 10^exponent. Exponents are
// compared but never expanded.
type Decimal struct {
	negative bool
	digits   string // without leading and trailing zeros; "" is zero
	exponent int
}

// maxExponent bounds exponents, so that sums of them do not overflow.
const maxExponent = 1 << 40

// maxDigits is the length of the longest hexadecimal or octal number, because the time to
// convert it is not linear.
const maxDigits = 1000

var decimalForm = regexp.MustCompile(`^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$`)

// ParseDecimal reads a number in the notation of JSON or YAML 1.2, which includes
// hexadecimal and octal numbers of at most 1,000 characters. ok is false for anything else and
// for exponents beyond 2^40.
func ParseDecimal(s string) (d Decimal, ok bool) {
	if strings.IndexAny(s, "+-.0123456789") != 0 {
		return Decimal{}, false
	}
	s = strings.ReplaceAll(s, "_", "")
	if strings.ContainsAny(s[:min(3, len(s))], "xXoObB") && len(s) <= maxDigits {
		if n, isInt := new(big.Int).SetString(s, 0); isInt {
			s = n.String()
		}
	}
	m := decimalForm.FindStringSubmatch(s)
	if m == nil || m[2]+m[3] == "" {
		return Decimal{}, false
	}
	exponent := 0
	if m[4] != "" {
		var err error
		if exponent, err = strconv.Atoi(m[4]); err != nil || exponent > maxExponent || exponent < -maxExponent {
			return Decimal{}, false
		}
	}
	digits := strings.TrimLeft(m[2]+m[3], "0")
	d = Decimal{negative: m[1] == "-", digits: strings.TrimRight(digits, "0")}
	if d.digits == "" {
		return Decimal{}, true
	}
	d.exponent = exponent + len(m[2]) - (len(m[2]+m[3]) - len(digits))
	return d, true
}

// Compare returns -1, 0 or 1 if d is less than, equal to or greater than other.
func (d Decimal) Compare(other Decimal) int {
	if s, t := d.sign(), other.sign(); s != t {
		return cmp.Compare(s, t)
	}
	magnitude := cmp.Or(cmp.Compare(d.exponent, other.exponent), strings.Compare(d.digits, other.digits))
	return d.sign() * magnitude
}

func (d Decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// maxPlain is the longest number, in digits, that is written without an exponent.
const maxPlain = 40

// String returns equal texts for equal numbers: without an exponent if that takes at most
// 40 digits, else with an exponent.
func (d Decimal) String() string {
	sign := ""
	if d.negative {
		sign = "-"
	}
	switch n := len(d.digits); {
	case n == 0:
		return "0"
	case max(n, d.exponent, n-d.exponent) > maxPlain:
		mantissa := strings.TrimSuffix(d.digits[:1]+"."+d.digits[1:], ".")
		return sign + mantissa + "e" + strconv.Itoa(d.exponent-1)
	case d.exponent <= 0:
		return sign + "0." + strings.Repeat("0", -d.exponent) + d.digits
	case d.exponent < n:
		return sign + d.digits[:d.exponent] + "." + d.digits[d.exponent:]
	default:
		return sign + d.digits + strings.Repeat("0", d.exponent-n)
	}
}

// IsInteger reports whether the number is an integer.
func (d Decimal) IsInteger() bool { return len(d.digits) <= max(d.exponent, 0) }

// Next returns d + step for an integer d; step is 1 or -1. ok is false if d is not an
// integer or has more than 40 digits.
func (d Decimal) Next(step int64) (next Decimal, ok bool) {
	if !d.IsInteger() || d.exponent > maxPlain {
		return Decimal{}, false
	}
	n, _ := new(big.Int).SetString(d.String(), 10) // it has no exponent
	return ParseDecimal(n.Add(n, big.NewInt(step)).String())
}

// MaxDivided is the largest number of digits of a number that is divided.
const MaxDivided = 1000

// IsMultipleOf reports whether d is a whole multiple of other, at any exponent. A number of
// more than MaxDivided digits counts only as a multiple of itself.
func (d Decimal) IsMultipleOf(other Decimal) bool {
	if d == other || other.digits == "" || max(len(d.digits), len(other.digits)) > MaxDivided {
		return d == other
	}
	x, _ := new(big.Int).SetString("0"+d.digits, 10)
	y, _ := new(big.Int).SetString(other.digits, 10)
	// d / other is x / y × 10^scale, with whole numbers x and y that do not end in a zero.
	scale := (d.exponent - len(d.digits)) - (other.exponent - len(other.digits))
	if scale < 0 {
		return x.Sign() == 0
	}
	ten := big.NewInt(10)
	x.Mul(x, ten.Exp(ten, big.NewInt(int64(scale)), y)) // modulo y
	return x.Mod(x, y).Sign() == 0
}
