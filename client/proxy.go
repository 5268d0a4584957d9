package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// proxyError is a CONNECT proxy's refusal to connect to Atlas. The request itself
// was never sent.
type proxyError struct {
	status int
	reason string // the proxy's reason phrase, "" if it sent none
}

func (e *proxyError) Error() string {
	reason := e.reason
	if reason == "" {
		reason = http.StatusText(e.status)
	}
	return fmt.Sprintf("the proxy did not connect to Atlas: it responded with %d %s", e.status, reason)
}

// proxyLayer returns a CONNECT proxy's refusal as a typed error. net/http reports only the
// reason phrase, so with a caller's transport the status is derived from that.
type proxyLayer struct {
	next http.RoundTripper
}

func (l *proxyLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := l.next.RoundTrip(req)
	if err != nil && req.URL.Scheme == "https" {
		if status := statusOfText(rootCause(err).Error()); status != 0 {
			err = &proxyError{status: status}
		}
	}
	return res, err
}

func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// statusOfText returns the error status that has text as its standard reason phrase,
// 0 if none has.
func statusOfText(text string) int {
	for status := 400; status < 600; status++ {
		if known := http.StatusText(status); known != "" && known == text {
			return status
		}
	}
	return 0
}

// refusedByProxy is the OnProxyConnectResponse of the client's own transport, which
// keeps the status for any reason phrase of the proxy.
func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	_, reason, _ := strings.Cut(res.Status, " ")
	return &proxyError{status: res.StatusCode, reason: reason}
}
