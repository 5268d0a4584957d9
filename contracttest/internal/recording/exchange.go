package recording

import (
	"net/http"
	"net/url"
	"time"
)

// Exchange is one recorded request and its response, independent of the format of the
// recording. Every reader returns Exchanges, every rule validates them.
type Exchange struct {
	// Source is the location of the exchange, for findings.
	Source Source
	// Started is when the request was sent; zero if unknown. If a recording does not have
	// this time, Started is the response's Date header.
	Started  time.Time
	Request  Request
	Response Response
}

// Source is a place in a recording.
type Source struct {
	// File is the recording's path: as the caller named it, or as it was found in a folder
	// that the caller named.
	File string
	// Entry counts from 0, as in HAR's log.entries and go-vcr's interaction id.
	Entry int
	// Line is the line at which the entry begins, counted from 1 in the decompressed file;
	// 0 if unknown.
	Line int
}

// Request is a recorded request.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   Body
}

// Response is a recorded response.
type Response struct {
	Status int
	Header http.Header
	Body   Body
}

// Body is a message body as it was before any content coding.
type Body struct {
	Bytes []byte
	// Recorded distinguishes an empty body from one that is not in the recording.
	// A body that was not recorded is not validated.
	Recorded bool
	// File is the file that contains the body according to a HAR (_file, as Playwright
	// writes it); "" if there is none. It is not read, so the body counts as not recorded.
	File string
}
