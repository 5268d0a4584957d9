package tokenauth

import (
	"errors"
	"strconv"
	"strings"
)

// lifetime is the value of expires_in in whole seconds, or 0 if it is missing. RFC 6749
// §4.2.2 specifies an integer; servers also send 3600.0 and "3600".
type lifetime int64

// maxLifetime bounds expires_in to ten years, so that it can be added to a time.
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

// TokensIn returns the values of access_token, refresh_token and id_token in a token
// endpoint's response of any kind: JSON, a form, or a part of one, which may be incomplete. A
// regular expression would be shorter, but package regexp adds 0.25 MB to every program
// that imports the client.
func TokensIn(body []byte) []string {
	var tokens []string
	for text := string(body); ; {
		name, rest, found := strings.Cut(text, "_")
		if !found {
			return tokens
		}
		text = rest
		if !isTokenName(name, rest) {
			continue
		}
		if value := memberValue(rest[len("token"):]); value != "" {
			tokens = append(tokens, value)
		}
	}
}

// isTokenName reports whether the name of a token surrounds the underscore at i.
func isTokenName(before, after string) bool {
	const token = "token"
	if len(after) < len(token) || !strings.EqualFold(after[:len(token)], token) {
		return false
	}
	for _, kind := range []string{"access", "refresh", "id"} {
		if at := len(before) - len(kind); at >= 0 && strings.EqualFold(before[at:], kind) {
			return true
		}
	}
	return false
}

const (
	space  = " \t\n\f\r"
	quotes = `"'`
)

// memberValue returns the value that follows a member's name, "" if none does.
func memberValue(after string) string {
	after = strings.TrimLeft(trimQuote(after), space)
	if after == "" || after[0] != ':' && after[0] != '=' {
		return ""
	}
	after = trimQuote(strings.TrimLeft(after[1:], space))
	if end := strings.IndexAny(after, quotes+"&,;}"+space); end >= 0 {
		return after[:end]
	}
	return after
}

// trimQuote returns s without a quotation mark at its start.
func trimQuote(s string) string {
	if s != "" && strings.IndexByte(quotes, s[0]) >= 0 {
		return s[1:]
	}
	return s
}
