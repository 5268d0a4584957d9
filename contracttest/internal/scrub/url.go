package scrub

import (
	"net/url"
	"regexp"
	"strings"
)

// pathWords are the segments of the API's own paths.
var pathWords = map[string]bool{
	"": true, "api": true, "atlas": true, "v1.0": true, "v2": true, "groups": true, "backup": true, "exportBuckets": true,
	"oauth": true, "token": true, "revoke": true, "clusters": true, "orgs": true,
}

// queryValues are the query parameters that are kept, each with its allowed values.
var queryValues = map[string]*regexp.Regexp{
	"envelope": boolean, "pretty": boolean, "includeCount": boolean, "itemsPerPage": number, "pageNum": number,
}

var (
	boolean = regexp.MustCompile(`^(?i:true|false|[01])?$`)
	number  = regexp.MustCompile(`^-?[0-9]{0,9}$`)
)

// URL scrubs an absolute or a relative URL. It removes user names and fragments.
func (s *Scrubber) URL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Opaque != "" {
		return s.opaque(address)
	}
	var b strings.Builder
	if u.Host != "" {
		if u.Scheme == "http" || u.Scheme == "https" {
			b.WriteString(u.Scheme + ":")
		}
		b.WriteString("//" + s.host(u.Host))
	}
	b.WriteString(s.path(u.Path))
	if u.RawQuery != "" {
		b.WriteString("?" + s.query(u.RawQuery))
	}
	return s.out(b.String())
}

// Host scrubs a host, with its port.
func (s *Scrubber) Host(host string) string { return s.out(s.host(host)) }

// Query scrubs the query of a URL.
func (s *Scrubber) Query(raw string) string { return s.out(s.query(raw)) }

func (s *Scrubber) path(path string) string {
	segments := strings.Split(path, "/")
	before := ""
	for i, segment := range segments {
		if !s.vocabulary.isPathWord(segment) {
			segments[i] = s.segment(before, segment)
		}
		before = segment
	}
	return strings.Join(segments, "/")
}

func (s *Scrubber) segment(before, segment string) string {
	switch before {
	case "groups":
		return s.id(projectID, segment)
	case "exportBuckets":
		return s.id(bucketID, segment)
	}
	return s.opaque(segment)
}

// query keeps the order of the parameters and their repetitions.
func (s *Scrubber) query(raw string) string {
	params := strings.Split(raw, "&")
	for i, param := range params {
		if param != "" {
			params[i] = s.queryParameter(param)
		}
	}
	return strings.Join(params, "&")
}

func (s *Scrubber) queryParameter(param string) string {
	name, value, hasValue := strings.Cut(param, "=")
	allowed := queryValues[name]
	declared, known := s.vocabulary.query(name)
	if allowed != nil && allowed.MatchString(value) {
		return param
	}
	if allowed == nil && !known {
		name = Redacted
	}
	if !hasValue {
		return name
	}
	if unescaped, err := url.QueryUnescape(value); err == nil {
		value = unescaped
	}
	if kept, ok := declared.scrub(value); ok {
		return name + "=" + url.QueryEscape(kept)
	}
	return name + "=" + s.opaque(value)
}
