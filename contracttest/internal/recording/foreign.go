package recording

import "regexp"

// ForeignFile is a recording in an unsupported format of another tool.
type ForeignFile struct {
	// File is the path, as in [Source].
	File string
	// Reason names the format and how to record instead.
	Reason string
}

// foreignError refuses a recording of another tool. In a folder such a file is skipped like
// any other file that is not a recording. [Reader.Foreign] lists it, because its user
// expects it to be read.
type foreignError struct{ reason string }

func (e *foreignError) Error() string { return e.reason }

// Is reports that the file counts as not a recording.
func (e *foreignError) Is(target error) bool { return target == errNotRecording }

// foreignFormat recognizes the recordings of a tool by the start of their content.
type foreignFormat struct {
	has    *regexp.Regexp
	lacks  *regexp.Regexp // nil: nothing
	reason string
}

var foreignFormats = []foreignFormat{
	{has: regexp.MustCompile(`\APK\x03\x04`),
		reason: "a ZIP archive, such as Playwright writes for a HAR path that ends in .zip: unpack it and verify the .har file in it; record with content \"embed\" to keep the bodies in the HAR"},
	{has: regexp.MustCompile(`(?m)^(?:http_interactions:|\s*\{?\s*"http_interactions"\s*:)`),
		reason: "a cassette of Ruby's VCR or of Betamax: record a HAR, or the output of curl -i below the request head"},
	{has: regexp.MustCompile(`(?s)(?:\A|\n)interactions:\s*\n\s*- .*?\n\s+uri:|"interactions"\s*:\s*\[\s*\{.*?"uri"\s*:`), lacks: regexp.MustCompile(`(?m)^\s+(?:url:|"url"\s*:)|[{,]\s*"url"\s*:`),
		reason: "a cassette of Python's vcrpy: record a HAR, or the output of curl -i below the request head"},
	{has: regexp.MustCompile(`\A\s*(?:Note: |% Total|[*>] )[\s\S]*\n< HTTP/[0-9]`),
		reason: "the output of curl -v: use curl -i instead, and put the request line and its headers, then a blank line, before it"},
	{has: regexp.MustCompile(`\A\s*--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--  \S+[\s\S]*\n +HTTP/[0-9]`),
		reason: "the output of wget -S: use curl -i instead, and put the request line and its headers, then a blank line, before it"},
}

// foreign returns the error for a recording of another tool, nil if it is not known.
func foreign(head []byte) error {
	for _, f := range foreignFormats {
		if f.has.Match(head) && (f.lacks == nil || !f.lacks.Match(head)) {
			return &foreignError{f.reason}
		}
	}
	return nil
}

// noResponse returns the error for a request without a response. After a request head, curl
// -v and wget -S print text that is not a response.
func noResponse(below []byte) error {
	if err := foreign(below); err != nil {
		return err
	}
	return errNoResponse
}
