package client

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
)

// roundTrip is the method of an http.RoundTripper. A layer stores the next layer as a
// function, so that printing, even by reflection, does not show the next layer's fields.
type roundTrip = func(*http.Request) (*http.Response, error)

// hostGuard sends requests to the base URL through signed, and all others through unsigned. Other
// hosts are reached only if a caller's middleware changes a request's URL, because
// redirects to them are not followed.
//
// The signed request does not leave this layer: the response's Request is the one that this
// layer received, without an Authorization header, and the text of an error contains no
// credential.
type hostGuard struct {
	baseURL          *url.URL
	signed, unsigned roundTrip
	mask             *mask
}

func (g *hostGuard) RoundTrip(req *http.Request) (*http.Response, error) {
	send := g.unsigned
	if sameHost(req.URL, g.baseURL) {
		send = g.signed
	}
	sent := req
	if ctx := guardTrace(req.Context()); ctx != req.Context() {
		sent = req.WithContext(ctx)
	}
	res, err := send(sent)
	if err != nil {
		return nil, g.mask.error(err)
	}
	res.Request = req
	return res, nil
}

// sameHost reports whether two URLs have one origin: scheme, host and port.
func sameHost(a, b *url.URL) bool {
	if a.Scheme == b.Scheme && a.Host == b.Host { // the usual case, without parsing Host
		return true
	}
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "http"):
		return "80"
	default:
		return "443"
	}
}

// guardTrace hides the Authorization header from the httptrace.ClientTrace of ctx, whose
// WroteHeaderField receives every header field that is sent.
func guardTrace(ctx context.Context) context.Context {
	trace := httptrace.ContextClientTrace(ctx)
	if trace == nil || trace.WroteHeaderField == nil {
		return ctx
	}
	return &guardedTrace{Context: ctx, trace: withoutAuthorization(trace)}
}

// guardedTrace is a context whose ClientTrace is replaced by trace.
type guardedTrace struct {
	context.Context //nolint:containedctx // the type is itself a context
	trace           *httptrace.ClientTrace
}

// Value returns trace instead of the context's ClientTrace, whose key net/http does not
// export.
func (c *guardedTrace) Value(key any) any {
	value := c.Context.Value(key)
	if _, ok := value.(*httptrace.ClientTrace); ok {
		return c.trace
	}
	return value
}

// withoutAuthorization returns a copy of trace that is not called for Authorization.
func withoutAuthorization(trace *httptrace.ClientTrace) *httptrace.ClientTrace {
	guarded := *trace
	guarded.WroteHeaderField = func(key string, value []string) {
		if !strings.EqualFold(key, "Authorization") {
			trace.WroteHeaderField(key, value)
		}
	}
	return &guarded
}
