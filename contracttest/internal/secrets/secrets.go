// Package secrets knows what a credential looks like in HTTP traffic: in a header,
// in a query, and in the text of a body.
//
// It errs on the side of finding one, and takes what a recorder put in a
// credential's place ("[REDACTED]", "***", "$TOKEN") for what it is.
package secrets

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Redacted stands in the place of a credential.
const Redacted = "[redacted]"

// headers are those whose value is a credential, in canonical form, and what it is.
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

// InHeader tells what credential a header's value is, "" for none. The name is in
// canonical form.
func InHeader(name, value string) string {
	what := headers[name]
	switch {
	case what == "" || name == "Www-Authenticate":
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

// digestResponse is what proves the knowledge of the password in Digest credentials
// (RFC 7616 §3.4).
var digestResponse = regexp.MustCompile(`(?i)\bresponse\s*=\s*"?([^",\s]*)`)

// isScrubbed tells whether an authorization value has lost its secret part.
func isScrubbed(value string) bool {
	rest := credentials(value)
	if scheme, _, _ := strings.Cut(strings.TrimSpace(value), " "); strings.EqualFold(scheme, "Digest") {
		if m := digestResponse.FindStringSubmatch(rest); m != nil {
			return IsPlaceholder(m[1])
		}
	}
	return IsPlaceholder(rest)
}

// credentials drops the scheme: "Bearer abc" is "abc".
func credentials(value string) string {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(value), " ")
	if ok || slices.Contains([]string{"bearer", "basic", "digest", "negotiate"}, strings.ToLower(scheme)) {
		return strings.TrimSpace(rest)
	}
	return scheme
}

// attributes are the parts of a Set-Cookie that are no cookie (RFC 6265 §4.1).
var attributes = []string{"expires", "max-age", "domain", "path", "samesite", "priority"}

// holdsCookie tells whether any cookie of the header still has its value.
func holdsCookie(value string) bool {
	for pair := range strings.SplitSeq(value, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if ok && !slices.Contains(attributes, strings.ToLower(name)) && !IsPlaceholder(value) {
			return true
		}
	}
	return false
}

// placeholder is what recorders write in a credential's place.
var placeholder = regexp.MustCompile(`(?i)^["']?(?:[*x.•#-]*|.*(?:redacted|removed|scrubbed|masked|hidden|filtered|sanitized|stripped|placeholder|dummy|fake).*|<[^<>]*>|\[[^\[\]]*\]|\{+[^{}]*\}+|\$\{?[A-Za-z_][A-Za-z0-9_]*\}?|%[A-Za-z_]+%)["']?$`)

// IsPlaceholder tells whether a value stands for a credential rather than being one.
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

// minMasks is the fewest mask characters that a masked value has.
const minMasks = 4

// queryNames are the query and form parameters whose value is a credential.
var queryNames = regexp.MustCompile(`(?i)^(?:access_?token|refresh_?token|id_?token|token|client_?secret|secret|api_?key|private_?key|password|passwd|pwd|sig|signature|x-amz-signature|x-amz-security-token|code_verifier)$`)

// IsSecretName tells whether a parameter of this name holds a credential.
func IsSecretName(name string) bool { return queryNames.MatchString(name) }

// kind is one way in which a credential shows in text. A text without any of the
// anchors has none, so that most texts cost a search each.
type kind struct {
	what    string
	anchors []string
	expr    *regexp.Regexp
	// value is the group that holds the credential.
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
	{"the answer to a Digest challenge", []string{"response="}, regexp.MustCompile(`\bDigest\s[^\r\n]*\bresponse="?([0-9a-f]{32,})`), 1},
	{"a URL's password", []string{"@"}, regexp.MustCompile(`://[^/\s:@"'?#]*:([^/\s@"'?#]+)@`), 1},
}

// Found is a credential in a text.
type Found struct {
	// What it is, such as "an access token"; "" is nothing found.
	What string
	// Start and End are its place, in bytes.
	Start, End int
}

// InText finds the first credential in a text.
func InText(text []byte) Found {
	first := Found{}
	suspects := suspect(text)
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

// find finds the first credential of the kind that is not a placeholder.
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

// Redact puts [Redacted] in the place of every credential in a text.
func Redact(text string) string { return Mask(text, 0, len(text)) }

// Mask gives a part of a text, with [Redacted] in the place of every credential that
// reaches into it: one that the cut goes through could not be told by its rest.
func Mask[T string | []byte](text T, start, end int) string {
	from, to := max(0, start-context), min(len(text), end+context)
	around := append([]byte(nil), text[from:to]...) // a copy: it is changed
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

// shift moves an edge of the part as the replacing of a credential moves the text;
// an edge inside of the credential goes to its outer end.
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
	// context is how far around a part credentials are looked for, in bytes.
	context = 8 << 10
	// maxRedactions bounds the work on one text; one with more credentials is left out
	// as a whole.
	maxRedactions = 100
)
