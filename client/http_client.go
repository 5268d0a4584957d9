package client

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client/internal/httpbody"
)

// NewHTTPClient returns an http.Client for a generated client of other operations of the
// Atlas Administration API. It authenticates with auth and sends requests through the
// layers that the package documentation lists, with the same options. The caller sets the
// Accept header, which contains Atlas's API version. [WithAPIVersion] and [WithProjectID]
// have no effect.
//
//	hc, err := client.NewHTTPClient(auth)
//	api, err := clusters.NewClient(client.DefaultBaseURL, clusters.WithHTTPClient(hc))
//
// Credentials are sent only to the base URL's host: use [WithBaseURL] for a host other than
// that of [DefaultBaseURL]. Requests to other hosts are sent without credentials.
//
// Requests with an idempotent method (RFC 9110 §9.2.2: not POST, not PATCH) are retried as
// those of [Client] are. Other requests are retried only if Atlas certainly did not execute
// them: if Atlas responded 429, if no connection or token was available, or if Atlas
// responded 401 with a new Digest challenge or because the token had expired. For retries,
// a request body without GetBody is read into memory.
//
// Responses with an error status are returned unchanged. If there is no response, the
// *url.Error of http.Client wraps an [*Error], which errors.As finds. A response body is
// read completely, within the limit of [WithMaxResponseBytes].
//
// With a service account, use [CloseHTTPClient] at the end.
func NewHTTPClient(auth Auth, opts ...Option) (*http.Client, error) {
	cfg, err := newConfig(auth, opts)
	if err != nil {
		return nil, err
	}
	cfg.version, cfg.anyOperation = "", true
	hc, _, err := cfg.assemble()
	return hc, err
}

// CloseHTTPClient closes an http.Client from [NewHTTPClient] as [Client.Close] closes a
// Client: it revokes a service account's token and closes idle connections.
func CloseHTTPClient(ctx context.Context, hc *http.Client) error {
	layer, ok := hc.Transport.(*callLayer)
	if !ok {
		return errors.New("exportbuckets: CloseHTTPClient: the http.Client does not come from NewHTTPClient")
	}
	defer layer.closeIdle()
	return layer.signer.end(ctx, layer.mask)
}

// callLayer treats every request of a generated client as a call: it logs it and converts
// its errors.
type callLayer struct {
	observer  observer
	mask      *mask
	signer    signer
	closeIdle func()
	next      http.RoundTripper
}

func (l *callLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	call := &callState{}
	started := time.Now()
	res, err := l.send(req, call)
	if err != nil {
		err = call.failed(failure(call, err), l.mask)
	}
	l.observer.report(req.Context(), call, started, err)
	return res, err
}

// send sends a copy of req, which the layers below may change.
func (l *callLayer) send(req *http.Request, call *callState) (*http.Response, error) {
	own := req.Clone(withCall(req.Context(), call))
	if err := makeRepeatable(own); err != nil {
		return nil, err
	}
	res, err := l.next.RoundTrip(own)
	if err != nil {
		return nil, err
	}
	res.Request = req
	return res, nil
}

// makeRepeatable replaces the body of req with one that can be sent again.
func makeRepeatable(req *http.Request) error {
	if httpbody.IsEmpty(req) {
		return nil
	}
	open, length, err := httpbody.Opener(req)
	if err != nil {
		return err
	}
	body, err := open()
	if err != nil {
		return err
	}
	req.Body, req.GetBody, req.ContentLength = body, open, length
	return nil
}

// CloseIdleConnections implements the method that http.Client.CloseIdleConnections calls.
func (l *callLayer) CloseIdleConnections() { l.closeIdle() }
