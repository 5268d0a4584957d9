package client

import (
	"errors"
	"net/http"
)

// assemble builds the chain of layers for requests and responses, and the http.Client on
// top of it. The layer that is added last is the first to handle a request.
func (cfg *config) assemble() (*http.Client, signer, error) {
	// Base transport: TLS, connections, proxies; the caller's or our own copy of net/http's.
	base := cfg.transport
	// Proxy: returns a CONNECT proxy's refusal as a typed error.
	base = &proxyLayer{next: base}
	// Auth: adds credentials, and asks for challenges and tokens.
	auth, err := cfg.auth.attach(authConfig{base: base, baseURL: cfg.baseURL, userAgent: cfg.userAgent, mask: &cfg.mask, ownHeader: cfg.ownsHeader()})
	if err != nil {
		return nil, signer{}, err
	}
	auth.timeout = &timeoutError{after: cfg.timeout, option: "WithTimeout"}
	// Host guard: sends credentials only to the base URL's host, and hides them from the
	// layers above.
	var chain http.RoundTripper = &hostGuard{baseURL: cfg.baseURL, signed: auth.roundTrip, unsigned: base.RoundTrip, mask: &cfg.mask}
	// Middleware: the caller's, such as a recorder; sees every attempt, but no credential.
	for i := len(cfg.middleware) - 1; i >= 0; i-- {
		if chain = cfg.middleware[i](chain); chain == nil {
			return nil, signer{}, errors.New("exportbuckets: WithMiddleware: the function returned nil: it must return an http.RoundTripper")
		}
	}
	// Attempt: limits one attempt in time and size, and returns only complete responses.
	chain = &attemptLayer{timeout: auth.timeout, maxBytes: cfg.maxBytes, ownHeader: cfg.ownsHeader(), next: chain}
	// Retry: repeats requests if that is safe.
	chain = &retryLayer{policy: cfg.retry, repeatable: cfg.repeatable(), budget: newBudget(cfg.retry.Budget), log: cfg.log, mask: &cfg.mask, next: chain}
	// Version: the dated Accept, and deprecation notices in responses.
	chain = &versionLayer{version: cfg.version, userAgent: cfg.userAgent, notices: &deprecationNotices{log: cfg.log, mask: &cfg.mask, hook: cfg.deprecation}, next: chain}
	if cfg.anyOperation {
		// Call: the logging and error handling that a Client adds around the chain.
		chain = &callLayer{observer: cfg.observer(), mask: &cfg.mask, signer: auth, closeIdle: cfg.closeIdle(), next: chain}
	}
	// http.Client: redirects, and the caller's cookie jar and timeout.
	top := *cfg.httpClient
	top.Transport, top.CheckRedirect = chain, cfg.redirectPolicy()
	return &top, auth, nil
}

// ownsHeader reports whether a request's header reaches the signer without passing through
// code of the caller, which must not see a credential in it, not even afterwards.
func (cfg *config) ownsHeader() bool { return len(cfg.middleware) == 0 && cfg.checkRedirect == nil }

// repeatable returns the function that reports whether requests of a method may be repeated.
func (cfg *config) repeatable() func(method string) bool {
	if cfg.anyOperation {
		return idempotent
	}
	return idempotentOrUpdate
}

// mayRedirect reports whether redirects of a method are followed. net/http would change
// any other method to GET.
func mayRedirect(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// maxRedirects bounds the redirects of a call.
const maxRedirects = 5

// redirectPolicy follows redirects of read requests on the base URL's host, if the caller's
// own policy agrees. Any other redirect becomes the response, and therefore an *Error.
func (cfg *config) redirectPolicy() func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		if !mayRedirect(via[0].Method) || !sameHost(req.URL, cfg.baseURL) || len(via) > maxRedirects {
			return http.ErrUseLastResponse
		}
		if cfg.checkRedirect != nil {
			return cfg.checkRedirect(req, via)
		}
		return nil
	}
}
