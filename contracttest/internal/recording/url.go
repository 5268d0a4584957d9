package recording

import (
	"net/url"
	"strings"
)

// parseURL never fails: browsers record addresses that url.Parse refuses, such as a
// path with a bare percent sign, and one of them must not spoil a recording. An
// address that cannot be parsed is split by hand and its path kept unchanged.
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
