// Package secrets recognizes credentials in HTTP traffic: in headers, in queries, and in the
// text of bodies.
//
// It prefers false alarms to missed credentials. It recognizes the placeholders that
// recorders write instead of credentials ("[REDACTED]", "***", "$TOKEN").
package secrets

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Redacted replaces a credential.
const Redacted = "[redacted]"

// headers are the headers whose value is a credential, in canonical form, with a description
// of the credential.
var headers = map[string]string{
	"Authorization":        "an Authorization value",
	"Proxy-Authorization":  "a Proxy-Authorization value",
	"Cookie":               "a cookie",
	"Set-Cookie":           "a cookie",
	"X-Api-Key":            "an API key",
	"X-Auth-Token":         "an access token",
	"X-Access-Token":       "an access token",
	"X-Amz-Security-Token": "an AWS session token",
	"X-Csrf-Token":         "a session's token",
	"X-Xsrf-Token":         "a session's token",
}

// InHeader returns a description of the credential in a header's value, "" if there is
// none. name must be in canonical form.
func InHeader(name, value string) string {
	what := headers[name]
	switch {
	case what == "":
		return InText([]byte(value)).What
	case strings.HasSuffix(name, "Cookie"):
		if !holdsCookie(value) {
			return ""
		}
	case isScrubbed(value):
		return ""
	}
	return what
}

// digestResponse matches the response parameter of Digest credentials (RFC 7616 §3.4),
// which is derived from the password.
var digestResponse = regexp.MustCompile(`(?i)\bresponse\s*=\s*"?([^",\s]*)`)

// isScrubbed reports whether the secret part of an Authorization value was removed.
func isScrubbed(value string) bool {
	rest := credentials(value)
	if scheme, _, _ := strings.Cut(strings.TrimSpace(value), " "); strings.EqualFold(scheme, "Digest") {
		if m := digestResponse.FindStringSubmatch(rest); m != nil {
			return IsPlaceholder(m[1])
		}
	}
	return IsPlaceholder(rest)
}

// credentials returns an Authorization value without its scheme: "abc" for "Bearer abc".
func credentials(value string) string {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(value), " ")
	if ok || slices.Contains([]string{"bearer", "basic", "digest", "negotiate"}, strings.ToLower(scheme)) {
		return strings.TrimSpace(rest)
	}
	return scheme
}

// attributes are the parts of a Set-Cookie header other than the cookie (RFC 6265 §4.1).
var attributes = []string{"expires", "max-age", "domain", "path", "samesite", "priority"}

// holdsCookie reports whether a cookie of the header still has its value.
func holdsCookie(value string) bool {
	for pair := range strings.SplitSeq(value, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if !slices.Contains(attributes, strings.ToLower(name)) && !IsPlaceholder(value) {
			return true
		}
	}
	return false
}

// placeholder matches the texts that recorders write instead of credentials.
var placeholder = regexp.MustCompile(`(?i)^["']?(?:[*x.•#-]*|.*(?:redacted|removed|scrubbed|masked|hidden|filtered|sanitized|stripped|placeholder|dummy|fake).*|<[^<>]*>|\[[^\[\]]*\]|\{+[^{}]*\}+|\$\{?[A-Za-z_][A-Za-z0-9_]*\}?|%[A-Za-z_]+%)["']?$`)

// IsPlaceholder reports whether a value is a placeholder for a credential.
func IsPlaceholder(value string) bool {
	value = strings.TrimSpace(value)
	return placeholder.MatchString(value) || isMasked(value)
}

// isMasked reports whether a service masked the value itself, as Atlas does when it
// lists keys: "********-****-****-01bdd56c8977". At least half of the characters must be
// mask characters, so that a password with a few asterisks is still found.
func isMasked(value string) bool {
	masks := strings.Count(value, "*") + strings.Count(value, "•")
	return masks >= minMasks && 2*masks >= utf8.RuneCountInString(value)
}

// minMasks is the smallest number of mask characters in a masked value.
const minMasks = 4

// queryNames are the query and form parameters whose value is a credential.
var queryNames = regexp.MustCompile(`(?i)^(?:access_?token|refresh_?token|id_?token|token|client_?secret|secret|api_?key|private_?key|password|passwd|pwd|sig|signature|x-amz-signature|x-amz-security-token|code_verifier)$`)

// IsSecretName reports whether the value of a parameter with this name is a credential.
func IsSecretName(name string) bool { return queryNames.MatchString(name) }

// kind is a form in which a credential occurs in text. A text without any of the anchors
// has no such credential, so that most texts need only one search.
type kind struct {
	what    string
	anchors []string
	expr    *regexp.Regexp
	// value is the number of the group that matches the credential.
	value int
}

var kinds = []kind{
	{"a private key", []string{"PRIVATE KEY-----"}, regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s\\rn]*(?:-----END [A-Z ]*PRIVATE KEY-----)?`), 0},
	{"an access token", []string{"eyJ"}, regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*`), 0},
	{"a service account's secret", []string{"mdb_sa_sk_"}, regexp.MustCompile(`mdb_sa_sk_[A-Za-z0-9_-]{8,}`), 0},
	{"an access token", []string{"Bearer"}, regexp.MustCompile(`\bBearer\s+([A-Za-z0-9._~+/-]{16,}=*)`), 1},
	{"an access token", []string{`oken"`, `oken\"`}, regexp.MustCompile(`(?i)\\?"(?:access_?|refresh_?|id_?)token\\?"\s*:\s*\\?"([^"\\]+)`), 1},
	{"a private key", []string{"rivateKey", "rivate_key"}, regexp.MustCompile(`(?i)\\?"private_?key\\?"\s*:\s*\\?"([^"\\]+)`), 1},
	{"a client secret", []string{`ecret"`, `ecret\"`}, regexp.MustCompile(`(?i)\\?"(?:client_?)?secret\\?"\s*:\s*\\?"([^"\\]+)`), 1},
	{"a password", []string{"assword"}, regexp.MustCompile(`(?i)\\?"password\\?"\s*:\s*\\?"([^"\\]+)`), 1},
	{"a client secret", []string{"ecret="}, regexp.MustCompile(`(?i)\b(?:client_)?secret=([^&\s"']+)`), 1},
	{"an access token", []string{"oken="}, regexp.MustCompile(`(?i)\b(?:access_|refresh_|id_)?token=([^&\s"']+)`), 1},
	{"the response to a Digest challenge", []string{"response="}, regexp.MustCompile(`\bDigest\s[^\r\n]*\bresponse="?([0-9a-f]{32,})`), 1},
	{"a URL's password", []string{"@"}, regexp.MustCompile(`://[^/\s:@"'?#]*:([^/\s@"'?#]+)@`), 1},
}

// Found is a credential in a text.
type Found struct {
	// What describes the credential, such as "an access token"; "" if nothing was found.
	What string
	// Start and End are its place, in bytes.
	Start, End int
}

// InText returns the first credential in a text.
func InText(text []byte) Found {
	first := Found{}
	suspects := possibleKinds(text)
	for i := range kinds {
		if suspects&(1<<i) == 0 {
			continue
		}
		if f := kinds[i].find(text); f.What != "" && (first.What == "" || f.Start < first.Start) {
			first = f
		}
	}
	return first
}

// find returns the first credential of the kind that is not a placeholder.
func (k *kind) find(text []byte) Found {
	for from := 0; ; {
		at := k.expr.FindSubmatchIndex(text[from:])
		if at == nil {
			return Found{}
		}
		start, end := from+at[2*k.value], from+at[2*k.value+1]
		if !IsPlaceholder(string(text[start:end])) {
			return Found{k.what, start, end}
		}
		from += at[1]
	}
}

// Redact replaces every credential in a text by [Redacted].
func Redact(text string) string { return Mask(text, 0, len(text)) }

// Mask returns text[start:end] with every credential replaced by [Redacted], including
// credentials that are only partly inside, which could not be recognized after the cut.
func Mask[T string | []byte](text T, start, end int) string {
	from, to := max(0, start-context), min(len(text), end+context)
	around := append([]byte(nil), text[from:to]...) // a copy, because it is modified
	start, end = start-from, end-from
	for range maxRedactions {
		f := InText(around)
		if f.What == "" {
			return string(around[start:end])
		}
		around = slices.Replace(around, f.Start, f.End, []byte(Redacted)...)
		start, end = shift(start, f, true), shift(end, f, false)
	}
	return Redacted
}

// shift adjusts an edge of the part for a replaced credential. An edge inside the credential
// moves to its outer end.
func shift(edge int, f Found, start bool) int {
	switch {
	case edge <= f.Start:
		return edge
	case edge >= f.End:
		return edge + len(Redacted) - (f.End - f.Start)
	case start:
		return f.Start
	}
	return f.Start + len(Redacted)
}

const (
	// context is the number of bytes around a part that are searched for credentials.
	context = 8 << 10
	// maxRedactions bounds the work on one text. A text with more credentials is redacted
	// completely.
	maxRedactions = 100
)
