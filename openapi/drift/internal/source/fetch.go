package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	maxRedirects = 5
	maxAttempts  = 3
	// firstPause is doubled for each further attempt, unless Retry-After is longer.
	firstPause = time.Second
)

// download fetches an address, or returns the cached copy if it has not changed.
func (r *Reader) download(ctx context.Context, address string) ([]byte, string, error) {
	u, err := parseAddress(address)
	if err != nil {
		return nil, "", err
	}
	called := shown(u)
	timeout := r.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	data, err := r.attempts(ctx, u)
	if err != nil {
		return nil, called, fmt.Errorf("%s: %w", called, explain(ctx, err, timeout))
	}
	return data, called, nil
}

// parseAddress parses an address and checks that it may be fetched. Its errors do not
// contain a password.
func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the specification can't be read: write https://HOST/PATH")
	}
	if u.User != nil {
		return nil, fmt.Errorf("%s: addresses with credentials are refused; download the file and pass its name", shown(u))
	}
	return u, permitted(u)
}

// permitted returns an error unless the address is https, or http on this machine.
func permitted(u *url.URL) error {
	switch {
	case u.Host == "":
		return fmt.Errorf("%s: the address names no host", shown(u))
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	case u.Scheme == "http":
		return fmt.Errorf("%s: http is allowed only for this machine; use https", shown(u))
	}
	return fmt.Errorf("%s: addresses begin with https://", shown(u))
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// shown returns an address without query, fragment and credentials, for messages.
func shown(u *url.URL) string {
	plain := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return plain.String()
}

// explain returns a request's error without the address, which the caller adds, and with
// the timeout if the timeout was the reason.
func explain(ctx context.Context, err error, timeout time.Duration) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("the download did not end within %s", timeout)
	}
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// attempts sends a request, and retries it if a retry may succeed.
func (r *Reader) attempts(ctx context.Context, u *url.URL) ([]byte, error) {
	for attempt := 1; ; attempt++ {
		data, pause, err := r.fetch(ctx, u)
		if err == nil || pause == 0 || attempt == maxAttempts {
			return data, err
		}
		pause = max(pause, firstPause<<(attempt-1))
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= pause {
			return nil, err
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, err
		case <-timer.C:
		}
	}
}

// fetch sends one request. pause is the time to wait before a retry, or 0 if a retry cannot
// succeed.
func (r *Reader) fetch(ctx context.Context, u *url.URL) (data []byte, pause time.Duration, err error) {
	kept := r.kept(u)
	res, err := r.get(ctx, u, kept)
	if err != nil {
		return nil, retryable(err), err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotModified && kept != nil:
		return kept.body, 0, nil
	case res.StatusCode != http.StatusOK:
		return nil, retryAfter(res), statusError(res)
	}
	data, err = r.bounded(res.Body, res.ContentLength)
	if err != nil {
		return nil, 0, err
	}
	if err := webPage(res, data); err != nil {
		return nil, 0, err
	}
	r.keep(u, res.Header, data)
	return data, 0, nil
}

func (r *Reader) get(ctx context.Context, u *url.URL, kept *download) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/yaml, application/json, text/plain;q=0.9, */*;q=0.1")
	if r.UserAgent != "" {
		req.Header.Set("User-Agent", r.UserAgent)
	}
	kept.ask(req)
	client := &http.Client{Transport: r.transport(), CheckRedirect: checkRedirect}
	return client.Do(req)
}

func (r *Reader) transport() http.RoundTripper {
	if r.Transport != nil {
		return r.Transport
	}
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		own := t.Clone()
		own.DisableKeepAlives = true
		own.MaxResponseHeaderBytes = 256 << 10
		return own
	}
	return http.DefaultTransport
}

func checkRedirect(req *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return fmt.Errorf("more than %d redirects", maxRedirects)
	case req.URL.Scheme != "https":
		return fmt.Errorf("redirected to %s, which is not https", shown(req.URL))
	}
	req.Header.Del("Referer")
	return nil
}

// retryable returns the pause before a retry of a failed connection; 0 means no retry.
func retryable(err error) time.Duration {
	var netErr net.Error
	if errors.As(err, &netErr) && netErr.Timeout() || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return firstPause
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op != "dial" {
		return firstPause
	}
	return 0
}

func retryAfter(res *http.Response) time.Duration {
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return 0
	}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 3600)) * time.Second
	}
	return firstPause
}

func statusError(res *http.Response) error {
	hint := ""
	switch res.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		hint = "; has the specification moved?"
	case http.StatusUnauthorized, http.StatusForbidden:
		hint = "; it is not public: download it and pass the name of the file"
	case http.StatusNotModified:
		hint = " although nothing is cached"
	}
	return fmt.Errorf("the server responded with %d %s%s", res.StatusCode, http.StatusText(res.StatusCode), hint)
}

// webPage refuses a web page that was sent instead of a specification.
func webPage(res *http.Response, data []byte) error {
	start := strings.TrimLeft(string(data[:min(len(data), 512)]), "\xef\xbb\xbf \t\r\n")
	if !strings.HasPrefix(start, "<") {
		return nil
	}
	hint := ""
	if res.Request.URL.Hostname() == "github.com" {
		hint = `; on GitHub, use the address of the "Raw" button`
	}
	return fmt.Errorf("the server responded with a web page, not a specification%s", hint)
}
