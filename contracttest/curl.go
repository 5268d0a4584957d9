package contracttest

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// curl returns a command line that repeats a GET. A request that may change Atlas is
// returned as a shell comment, so that pasting it changes nothing. It returns "" for HEAD,
// OPTIONS and TRACE, because they neither change anything nor return a body. It also
// returns "" if the command would exceed maxCurl bytes, because a shortened command is
// useless.
func curl(x *recording.Exchange) string {
	switch x.Request.Method {
	case http.MethodHead, http.MethodOptions, http.MethodTrace:
		return ""
	}
	command := curlCommand(x)
	if len(command) > maxCurl {
		return ""
	}
	if x.Request.Method == http.MethodGet {
		return command
	}
	return "# " + oneLine(x.Request.Method) + " changes Atlas, so this is a comment: " + oneLine(command)
}

// maxCurl bounds a command, in bytes. Reports show at most 4,000 characters.
const maxCurl = 4000

// oneLine replaces control characters with spaces. A line feed would end a shell comment,
// and a shell would execute the rest of the recorded text.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// curlCommand returns the command that sends the request again. It contains no
// credential: the only headers are Accept and Content-Type, and the URL's user and secrets
// in its query are omitted.
func curlCommand(x *recording.Exchange) string {
	u := *x.Request.URL
	u.User = nil
	u.RawQuery = redactQuery(u.RawQuery)
	words := []string{"curl"}
	if isAtlas(&u) {
		words = append(words, "--digest", "--user", `"$MONGODB_ATLAS_PUBLIC_API_KEY:$MONGODB_ATLAS_PRIVATE_API_KEY"`)
	}
	words = append(words, "--request", phrase.ShellQuote(x.Request.Method))
	for _, name := range []string{"Accept", "Content-Type"} {
		for _, value := range x.Request.Header[name] {
			words = append(words, "--header", phrase.ShellQuote(name+": "+secrets.Redact(value)))
		}
	}
	if body := x.Request.Body.Bytes; len(body) > 0 {
		words = append(words, "--data-raw", phrase.ShellQuote(secrets.Mask(body, 0, min(len(body), maxCurlBody))))
	}
	return strings.Join(append(words, "--url", phrase.ShellQuote(u.String())), " ")
}

// maxCurlBody bounds the request body that a curl line repeats, in bytes.
const maxCurlBody = 2000

// isAtlas reports whether credentials may be sent to the URL's host. A recording is
// untrusted input, and the user's keys must not be sent to an arbitrary host in it.
func isAtlas(u *url.URL) bool {
	host := strings.ToLower(u.Host)
	return u.Scheme == "https" && (host == "cloud.mongodb.com" || host == "cloud.mongodbgov.com")
}
