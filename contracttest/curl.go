package contracttest

import (
	"net/url"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
)

// curl writes a command that asks again. It holds no credential: of the headers
// Accept and Content-Type are taken, and the URL's user and any secret in its query
// are left out.
func curl(x *Exchange) string {
	u := *x.Request.URL
	u.User = nil
	u.RawQuery = redactQuery(u.RawQuery)
	words := []string{"curl"}
	if isAtlas(&u) {
		words = append(words, "--digest", "--user", `"$MONGODB_ATLAS_PUBLIC_API_KEY:$MONGODB_ATLAS_PRIVATE_API_KEY"`)
	}
	words = append(words, "--request", shellQuote(x.Request.Method))
	for _, name := range []string{"Accept", "Content-Type"} {
		for _, value := range x.Request.Header[name] {
			words = append(words, "--header", shellQuote(name+": "+secrets.Redact(value)))
		}
	}
	if body := x.Request.Body.Bytes; len(body) > 0 {
		words = append(words, "--data-raw", shellQuote(secrets.Mask(string(body), 0, min(len(body), maxCurlBody))))
	}
	return strings.Join(append(words, "--url", shellQuote(u.String())), " ")
}

// maxCurlBody bounds the request body that a curl line repeats, in bytes.
const maxCurlBody = 2000

// isAtlas tells the hosts that credentials belong to. A recording is foreign input,
// and its host must not get the reader's keys.
func isAtlas(u *url.URL) bool {
	host := strings.ToLower(u.Host)
	return u.Scheme == "https" && (host == "cloud.mongodb.com" || host == "cloud.mongodbgov.com")
}

// shellQuote quotes a word for a POSIX shell.
func shellQuote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
