package schema

import (
	"cmp"
	"errors"
	"math/big"
	"strconv"
	"strings"
)

// decimal is a JSON number with all of its digits: 0.digits × 10^exponent. The exponent
// is compared and never expanded, so that 1e999999999 costs nothing.
type decimal struct {
	negative bool
	digits   string // without zeros at either end; "" is zero
	exponent int
}

// maxExponent bounds exponents. What is beyond is as good as infinite, or as zero.
const maxExponent = 1 << 30

// parseDecimal reads a JSON number (RFC 8259 §6).
func parseDecimal(text string) (decimal, bool) {
	var d decimal
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa, power, scientific := cutExponent(text)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if mantissa == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return d, false
	}
	if scientific {
		n, err := strconv.Atoi(power)
		if errors.Is(err, strconv.ErrSyntax) {
			return d, false
		}
		d.exponent = max(-maxExponent, min(maxExponent, n)) // out of range, Atoi returns the nearest int
	}
	significant := strings.TrimLeft(whole+fraction, "0")
	d.exponent += len(whole) - (len(whole) + len(fraction) - len(significant))
	if d.digits = strings.TrimRight(significant, "0"); d.digits == "" {
		return decimal{}, true
	}
	return d, true
}

func cutExponent(text string) (mantissa, power string, found bool) {
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		return text[:i], text[i+1:], true
	}
	return text, "", false
}

// compare returns -1, 0 or 1.
func (d decimal) compare(e decimal) int {
	if d.sign() != e.sign() || d.digits == "" {
		return cmp.Compare(d.sign(), e.sign())
	}
	return d.sign() * cmp.Or(cmp.Compare(d.exponent, e.exponent), strings.Compare(d.digits, e.digits))
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

func (d decimal) isInteger() bool { return d.digits == "" || d.exponent >= len(d.digits) }

// maxExpanded bounds the digits that a division may handle.
const maxExpanded = 400

// isMultipleOf reports whether d is a whole multiple of e. known is false for numbers
// that are too far apart to be divided.
func (d decimal) isMultipleOf(e decimal) (is, known bool) {
	if d.digits == "" || e.digits == "" {
		return d.digits == "", true
	}
	x, okX := d.rational()
	y, okY := e.rational()
	if !okX || !okY {
		return false, false
	}
	return x.Quo(x, y).IsInt(), true
}

func (d decimal) rational() (*big.Rat, bool) {
	if d.exponent < -maxExpanded || d.exponent > maxExpanded || len(d.digits) > maxExpanded {
		return nil, false
	}
	return new(big.Rat).SetString("0." + d.digits + "e" + strconv.Itoa(d.exponent))
}

// String returns the one spelling that equal numbers share.
func (d decimal) String() string {
	if d.digits == "" {
		return "0"
	}
	sign := ""
	if d.negative {
		sign = "-"
	}
	return sign + "0." + d.digits + "e" + strconv.Itoa(d.exponent)
}

// exactInFloat reports whether a float64 holds the number well enough for kin-openapi,
// which compares float64: at most 15 digits, in the range of ordinary exponents.
func (d decimal) exactInFloat() bool {
	return len(d.digits) <= 15 && d.exponent > -300 && d.exponent < 300
}
