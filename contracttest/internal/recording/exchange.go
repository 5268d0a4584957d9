package recording

import (
	"net/http"
	"net/url"
	"time"
)

// Exchange is one recorded request and the answer to it, whatever format it was
// recorded in. Every reader gives Exchanges, every rule judges them.
type Exchange struct {
	// Source says where the exchange stands, for findings.
	Source Source
	// Started is when the request was sent; zero when the recording does not say.
	// Where a recording has no such time, the answer's Date header stands in.
	Started  time.Time
	Request  Request
	Response Response
}

// Source is a place in a recording.
type Source struct {
	// File is the recording's path, as the caller named it or as it was found
	// below the folder that the caller named.
	File string
	// Entry counts from 0, as in HAR's log.entries and go-vcr's interaction id.
	Entry int
	// Line is where the entry begins, counted from 1 in the unpacked file; 0 when unknown.
	Line int
}

// Request is what was asked.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   Body
}

// Response is what came back.
type Response struct {
	Status int
	Header http.Header
	Body   Body
}

// Body is a message body as it was before any content coding.
type Body struct {
	Bytes []byte
	// Recorded tells an empty body from one that the recording does not hold.
	// What was not recorded is not judged.
	Recorded bool
	// File is the file that a HAR names as the body's place (_file, as Playwright
	// writes it); "" is none. It is not read, so the body counts as not recorded.
	File string
}
