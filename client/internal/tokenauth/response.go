package tokenauth

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// lifetime is the value of expires_in, in whole seconds, 0 if it is missing. RFC 6749
// §4.2.2 specifies an integer; servers also send 3600.0 and "3600".
type lifetime int64

// maxLifetime bounds expires_in, so that it can be added to a time: ten years.
const maxLifetime = 10 * 365 * 24 * 60 * 60

// UnmarshalJSON reads a number, or a string that contains one.
func (l *lifetime) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if text == "null" || text == "" {
		return nil
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds >= 0) {
		return errors.New("expires_in is not a number of seconds")
	}
	*l = lifetime(min(seconds, maxLifetime))
	return nil
}

// tokenMember matches tokens in a response of any kind: JSON, a form, or a part of one.
var tokenMember = regexp.MustCompile(`(?i)(?:access|refresh|id)_token["']?\s*[:=]\s*["']?([^"'&,;\s}]+)`)

// TokensIn returns the tokens in a token endpoint's response, which may be incomplete.
func TokensIn(body []byte) []string {
	var tokens []string
	for _, match := range tokenMember.FindAllSubmatch(body, -1) {
		tokens = append(tokens, string(match[1]))
	}
	return tokens
}
