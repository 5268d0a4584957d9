package recording

import (
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// headerNames are common names in Atlas traffic. Sharing them avoids an allocation for
// every exchange. The lower-case forms are those of HTTP/2.
var headerNames = func() map[string]string {
	names := []string{
		"Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Content-Encoding", "Content-Length",
		"Content-Type", "Cookie", "Date", "Deprecation", "Host", "Location", "Origin", "Ratelimit-Limit", "Ratelimit-Remaining",
		"Referer", "Referrer-Policy", "Retry-After", "Server", "Set-Cookie", "Strict-Transport-Security", "Sunset",
		"Transfer-Encoding", "User-Agent", "Vary", "Www-Authenticate", "X-Content-Type-Options",
		"X-Envoy-Upstream-Service-Time", "X-Error-Code", "X-Frame-Options", "X-Java-Method", "X-Java-Version",
		"X-Mongodb-Service-Version", "X-Permitted-Cross-Domain-Policies",
	}
	known := make(map[string]string, 2*len(names))
	for _, name := range names {
		known[name] = name
		known[strings.ToLower(name)] = name
	}
	return known
}()

// headerName reads a string, and returns a shared string for a common name.
func headerName(c *jsonscan.Cursor) (string, error) {
	if c.Kind() != '"' {
		return "", c.Skip()
	}
	b, err := c.Bytes()
	if err != nil {
		return "", err
	}
	if name, ok := headerNames[string(b)]; ok {
		return name, nil
	}
	return string(b), nil
}
