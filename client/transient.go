package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/client/internal/tokenauth"
)

// retryableStatus reports whether a status means that the server, or a proxy in front of
// it, could not handle the request at that moment.
func retryableStatus(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusRequestTimeout,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// transient reports whether a retry may succeed after err. It may if the server or the
// network failed, but not if the client, a certificate or a name is wrong.
func transient(err error) bool {
	var limit *tokenauth.LimitError
	var response *Error
	var proxy *proxyError
	var dns *net.DNSError
	switch {
	case errors.As(err, &response): // from the token endpoint
		if response.Cause == nil {
			return retryableStatus(response.StatusCode)
		}
		err = response.Cause // the error inside the *url.Error, because a *url.Error is a net.Error for any cause
	case errors.As(err, &proxy):
		return retryableStatus(proxy.status)
	case errors.As(err, &limit), errors.Is(err, tokenauth.ErrClosed), errors.Is(err, ErrTooLarge), isCertificateError(err):
		return false
	case errors.As(err, &dns):
		return !dns.IsNotFound
	}
	return isConnectionError(err)
}

// isConnectionError reports whether err came from the connection rather than from code: a
// network failure, a connection closed by one side, or a timeout.
func isConnectionError(err error) bool {
	var network net.Error
	var op *net.OpError
	if errors.As(err, &network) || errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	return containsAny(err.Error(), brokenConnection)
}

// brokenConnection contains texts of net/http errors about a closed connection that have no
// exported type or value. The last two are for a server that sends before it receives a
// request, or sends something other than HTTP.
var brokenConnection = []string{
	"http2: ", "stream error: ", "server closed idle connection", "transport connection broken",
	"readLoopPeekFailLocked", "malformed HTTP ",
}

func containsAny(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

func isCertificateError(err error) bool {
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &certificate) || errors.As(err, &authority)
}

// neverSent reports whether err certainly occurred before the request was written: there
// was no token for it, or no connection.
func neverSent(err error) bool {
	var token *tokenauth.TokenError
	var proxy *proxyError
	var notTLS tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.As(err, &token), errors.As(err, &proxy), errors.As(err, &notTLS), isCertificateError(err):
		return true
	case errors.As(err, &op):
		return op.Op == "dial" || op.Op == "proxyconnect"
	}
	return strings.Contains(err.Error(), "TLS handshake timeout")
}

// mayHaveArrived reports whether Atlas may have executed a request that ended with res or
// err: true unless the request was never sent or Atlas refused it.
func mayHaveArrived(res *http.Response, err error) bool {
	if err != nil {
		return !neverSent(err)
	}
	return res.StatusCode < 300 || res.StatusCode >= 500 || res.StatusCode == http.StatusRequestTimeout
}
