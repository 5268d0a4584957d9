package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// rawResponses prints Atlas's responses to requests of one method without changes. It asks
// for the envelope and for indentation, and passes the content of the envelope to the
// client, so that paging and errors work as usual.
type rawResponses struct {
	method           string
	envelope, pretty bool
	out              io.Writer
	onTerminal       bool // control characters of a response are escaped

	mu  sync.Mutex
	err error // the first error of a write to out
}

// middleware is the function to pass to client.WithMiddleware.
func (r *rawResponses) middleware(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.Method != r.method {
			return next.RoundTrip(req)
		}
		res, err := next.RoundTrip(r.withParameters(req))
		if err != nil {
			return nil, err
		}
		r.read(res)
		return res, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// withParameters returns req with the parameters envelope and pretty added to its query.
func (r *rawResponses) withParameters(req *http.Request) *http.Request {
	changed := req.Clone(req.Context())
	query := strings.Split(changed.URL.RawQuery, "&")
	if changed.URL.RawQuery == "" {
		query = nil
	}
	if r.envelope {
		query = append(query, "envelope=true")
	}
	if r.pretty {
		query = append(query, "pretty=true")
	}
	changed.URL.RawQuery = strings.Join(query, "&")
	return changed
}

// read prints a successful response and removes its envelope. It leaves a body that is
// too long or incomplete to the client, which reports it.
func (r *rawResponses) read(res *http.Response) {
	body, err := io.ReadAll(io.LimitReader(res.Body, client.DefaultMaxResponseBytes+1))
	inner := body
	if err == nil && len(body) <= client.DefaultMaxResponseBytes {
		inner = unwrap(res, body)
		if res.StatusCode >= 200 && res.StatusCode <= 299 {
			r.print(body)
		}
	}
	res.ContentLength = -1
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(inner), res.Body), res.Body}
}

// unwrap returns the content of the envelope, if there is one, and sets the response's
// status to the envelope's: the HTTP status may be 200 even for an error.
func unwrap(res *http.Response, body []byte) []byte {
	var wrapped struct {
		Status   int             `json:"status"`
		Envelope json.RawMessage `json:"envelope"`
	}
	if json.Unmarshal(body, &wrapped) != nil || wrapped.Status < 100 || wrapped.Status > 599 {
		return body
	}
	res.StatusCode = wrapped.Status
	if wrapped.Envelope == nil {
		return body
	}
	return wrapped.Envelope
}

func (r *rawResponses) print(body []byte) {
	if len(body) > 0 && body[len(body)-1] != '\n' {
		body = append(bytes.Clone(body), '\n')
	}
	if r.onTerminal {
		body = []byte(escapeUnprintable(string(body), termtext.JSONEscape))
	}
	_, err := r.out.Write(body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
}

// failed returns the error of printing a response, nil if all were printed.
func (r *rawResponses) failed() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}
