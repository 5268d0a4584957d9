package scrub

import (
	"net/http"
	"regexp"
	"strings"
)

// headerRules are the headers that are kept, each with a rule for its values. Headers that
// verification does not need, such as the names of servers and versions of programs, are
// removed.
var headerRules = map[string]func(value string) string{
	"Accept":              mediaTypes,
	"Content-Type":        mediaTypes,
	"Content-Length":      only(`^[0-9]{1,9}$`),
	"Date":                only(httpDate),
	"Deprecation":         only(`^(?:true|@[0-9]{1,11})$|` + httpDate),
	"Ratelimit-Limit":     only(`^-?[0-9]{1,9}$`),
	"Ratelimit-Remaining": only(`^-?[0-9]{1,9}$`),
	"Retry-After":         only(`^[0-9]{1,9}$|` + httpDate),
	"Sunset":              only(httpDate),
	"Www-Authenticate":    challenge,
	"X-Error-Code":        only(codeShape.String()),
}

// httpDate is the preferred form of RFC 9110 §5.6.7; Atlas does not pad the day.
const httpDate = `^[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$`

func only(shape string) func(string) string {
	re := newPattern(shape)
	return func(value string) string {
		if re.MatchString(value) {
			return value
		}
		return Redacted
	}
}

// Header returns the parts of a header that may be kept.
func (s *Scrubber) Header(h http.Header) http.Header {
	kept := http.Header{}
	for name, values := range h {
		name = http.CanonicalHeaderKey(name)
		rule := headerRules[name]
		if rule == nil || s.dropped[strings.ToLower(name)] {
			continue
		}
		for _, value := range values {
			kept.Add(name, s.out(rule(strings.TrimSpace(value))))
		}
	}
	return kept
}

// A media type consists of words and numbers; a number is short or a date.
var (
	mediaType  = newPattern(`^(?:\*|application|text)/(?:\*|[a-z]{1,16}(?:[.+-](?:[a-z]{1,16}|[0-9]{1,4}))*)$`)
	mediaParam = newPattern(`^(?i:charset=[a-z]{1,8}(?:-[0-9a-z]{1,5})*|q=[01](?:\.[0-9]{1,3})?|version=[0-9.-]{1,10})$`)
)

// mediaTypes scrubs a list of media types with parameters.
func mediaTypes(value string) string {
	list := strings.Split(value, ",")
	for i, item := range list {
		parts := strings.Split(item, ";")
		if name := strings.TrimSpace(parts[0]); name != "" && !mediaType.MatchString(strings.ToLower(name)) {
			parts[0] = Redacted + "/" + Redacted
		}
		for j, param := range parts[1:] {
			if param = strings.TrimSpace(param); param != "" && !mediaParam.MatchString(param) {
				parts[j+1] = Redacted + "=" + Redacted
			}
		}
		list[i] = strings.Join(parts, ";")
	}
	return strings.Join(list, ",")
}

var (
	challengeParam = regexp.MustCompile(`([a-z]+)=(?:"([^"]*)"|([^\s,"]+))`)
	publicParams   = map[string]pattern{
		"realm":     newPattern(`^[A-Za-z]{1,16}(?: [A-Za-z]{1,16}){0,4}$`),
		"algorithm": newPattern(`^[A-Z0-9-]{1,16}$`),
		"qop":       newPattern(`^[a-z]+(?:-[a-z]+)?(?:, ?[a-z]+(?:-[a-z]+)?)*$`),
		"stale":     newPattern(`^(?i:true|false)$`),
	}
)

// challenge keeps the parts of an authentication challenge (RFC 7616 §3.3) that are the
// same for all clients, and redacts the nonce.
func challenge(value string) string {
	scheme, rest, _ := strings.Cut(value, " ")
	if scheme != "Digest" && scheme != "Basic" && scheme != "Bearer" {
		return Redacted
	}
	var params []string
	for _, m := range challengeParam.FindAllStringSubmatch(rest, -1) {
		text := m[2] + m[3]
		shape, public := publicParams[m[1]]
		if !public || !shape.MatchString(text) {
			text = Redacted
		}
		if !public && m[1] != "nonce" && m[1] != "opaque" && m[1] != "domain" {
			continue
		}
		params = append(params, m[1]+`="`+text+`"`)
	}
	if len(params) == 0 {
		return scheme
	}
	return scheme + " " + strings.Join(params, ", ")
}
