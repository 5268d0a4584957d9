package tokenauth

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/atlas-exportbuckets/exportbuckets/client/internal/httpbody"
)

// TokenError is a failure to get a token: the request itself was never sent.
type TokenError struct {
	Err error
}

func (e *TokenError) Error() string { return fmt.Sprintf("getting an access token: %v", e.Err) }

// Unwrap returns the cause.
func (e *TokenError) Unwrap() error { return e.Err }

// Transport sends requests with the cache's token.
type Transport struct {
	Tokens *Cache
	Base   http.RoundTripper
	// OwnHeader makes the transport write the token to the request's own header, without
	// copying the header. A request that is sent a second time is copied.
	OwnHeader bool
	// Fail returns the error to return for a failure of the source. If it is nil, the
	// failure is returned unchanged.
	Fail func(error) error
}

// RoundTrip sends req with a token. After a 401 it replaces the token and sends the request
// once more. It returns a 401, with its body unread, if the limits allow no other token or
// if the second response is 401 too.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	tok, err := t.Tokens.Token(req.Context())
	if err != nil {
		return nil, t.failed(err)
	}
	signed := req
	if !t.OwnHeader {
		signed = withOwnHeader(req)
	}
	tok.SetAuthHeader(signed)
	res, err := t.Base.RoundTrip(signed)
	if err != nil || res.StatusCode != http.StatusUnauthorized || !httpbody.IsEmpty(req) && req.GetBody == nil {
		return res, err
	}
	other, err := t.Tokens.Replace(req.Context(), tok)
	var limit *LimitError
	switch {
	case errors.As(err, &limit), err == nil && other.AccessToken == tok.AccessToken:
		return res, nil
	case err != nil:
		httpbody.Discard(res.Body)
		return nil, t.failed(err)
	}
	httpbody.Discard(res.Body)
	again := withOwnHeader(req)
	other.SetAuthHeader(again)
	if req.GetBody != nil {
		if again.Body, err = req.GetBody(); err != nil {
			return nil, fmt.Errorf("replaying the request body: %w", err)
		}
	}
	return t.Base.RoundTrip(again)
}

// failed returns the error for a request without a token.
func (t *Transport) failed(err error) error {
	if t.Fail != nil {
		err = t.Fail(err)
	}
	return &TokenError{err}
}

// withOwnHeader returns a copy of req with its own header.
func withOwnHeader(req *http.Request) *http.Request {
	signed := req.WithContext(req.Context())
	signed.Header = req.Header.Clone()
	return signed
}
