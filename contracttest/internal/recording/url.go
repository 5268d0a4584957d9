package recording

import (
	"net/url"
	"strings"
)

// parseURL never fails. Browsers record URLs that url.Parse refuses, such as a path with a
// bare percent sign, and one such URL must not make a recording unreadable. A URL that
// cannot be parsed is split without url.Parse, and its path is kept unchanged.
func parseURL(raw string) *url.URL {
	if u, err := url.Parse(raw); err == nil {
		return u
	}
	raw, _, _ = strings.Cut(raw, "#")
	u := &url.URL{}
	if scheme, rest, ok := strings.Cut(raw, "://"); ok {
		u.Scheme = strings.ToLower(scheme)
		slash := strings.IndexAny(rest, "/?")
		if slash < 0 {
			slash = len(rest)
		}
		u.Host, raw = rest[:slash], rest[slash:]
	}
	u.Path, u.RawQuery, _ = strings.Cut(raw, "?")
	return u
}
