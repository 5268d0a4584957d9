package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
)

// Defaults of the options.
const (
	// DefaultBaseURL is Atlas. Atlas for Government is https://cloud.mongodbgov.com.
	DefaultBaseURL = "https://cloud.mongodb.com"
	// DefaultTimeout bounds one attempt.
	DefaultTimeout = 60 * time.Second
	// DefaultMaxResponseBytes is ten times what a page of 500 buckets with the
	// longest fields has.
	DefaultMaxResponseBytes = 16 << 20
)

// Option changes how a client works. Their order doesn't matter; of the same one
// the last counts, but for [WithMiddleware], which adds up.
type Option func(*config)

// config is the configuration from the options and the environment. It is complete
// before the client is built from it.
type config struct {
	auth         Auth
	base         string
	baseURL      *url.URL
	insecureHTTP bool
	projectID    string
	version      APIVersion
	retry        RetryPolicy
	timeout      time.Duration
	maxBytes     int64
	userAgent    string
	log          *slog.Logger
	middleware   []func(http.RoundTripper) http.RoundTripper
	callHook     func(context.Context, Call)
	deprecation  func(Deprecation)
	// anyOperation is set for a client whose operations are not those of export buckets.
	anyOperation bool
	mask         mask

	httpClient    *http.Client
	transport     http.RoundTripper
	ownsTransport bool
	checkRedirect func(*http.Request, []*http.Request) error
}

// WithBaseURL sets where Atlas is, default [DefaultBaseURL]. A path in it comes
// before the API's own. Credentials go to this scheme, host and port only. Plain
// http is for loopback addresses: see [WithInsecureHTTP].
func WithBaseURL(u string) Option { return func(c *config) { c.base = u } }

// WithInsecureHTTP allows a base URL with plain http on a host other than this
// machine's loopback. Whoever is on the way can then read tokens and responses.
func WithInsecureHTTP() Option { return func(c *config) { c.insecureHTTP = true } }

// WithHTTPClient sends requests with a copy of hc: its Transport comes last in the
// chain, below authentication; its Jar and its Timeout, which covers a whole call
// with its retries, apply; its CheckRedirect can forbid more than the client does,
// not less. hc is not changed.
func WithHTTPClient(hc *http.Client) Option { return func(c *config) { c.httpClient = hc } }

// WithAPIVersion asks for a version of the API, default [V20240530].
func WithAPIVersion(v APIVersion) Option { return func(c *config) { c.version = v } }

// WithRetryPolicy sets how calls are tried again. RetryPolicy{MaxAttempts: 1} turns
// it off.
func WithRetryPolicy(p RetryPolicy) Option { return func(c *config) { c.retry = p } }

// WithUserAgent names the program; it is put before the client's own name.
func WithUserAgent(name string) Option { return func(c *config) { c.userAgent = name } }

// WithLogger logs calls at debug level, retries at info and an API version's end at
// warn. What is logged has no headers, no bodies and no queries. Default: nothing.
func WithLogger(l *slog.Logger) Option { return func(c *config) { c.log = l } }

// WithMaxResponseBytes bounds a response, after decompression. Default
// [DefaultMaxResponseBytes]. A longer one is an [*Error] that matches [ErrTooLarge].
func WithMaxResponseBytes(n int64) Option { return func(c *config) { c.maxBytes = n } }

// WithTimeout bounds one attempt of a call, from dialling to the last byte of the
// response. Default [DefaultTimeout]; 0 turns it off. A context bounds the whole call
// with its retries.
func WithTimeout(d time.Duration) Option { return func(c *config) { c.timeout = d } }

// WithMiddleware puts m between retries and authentication: it sees every attempt and
// no credential. The request that it receives, the Request of the response, and an error
// are those from before signing. Of several the first is the outermost.
func WithMiddleware(m func(http.RoundTripper) http.RoundTripper) Option {
	return func(c *config) { c.middleware = append(c.middleware, m) }
}

// WithCallHook has f called at the end of every call, with the call's context and
// on its goroutine. Calls that fail before a request are not reported.
func WithCallHook(f func(context.Context, Call)) Option {
	return func(c *config) { c.callHook = f }
}

// WithDeprecationHook has f called once for each notice of an API version's end
// that Atlas sends. Calls may come from several goroutines.
func WithDeprecationHook(f func(Deprecation)) Option {
	return func(c *config) { c.deprecation = f }
}

// WithProjectID sets the project of calls that name none ("").
func WithProjectID(id string) Option { return func(c *config) { c.projectID = id } }

// newConfig applies the options and checks the result. All that is wrong is
// reported together.
func newConfig(auth Auth, opts []Option) (*config, error) {
	cfg := &config{
		auth: auth, base: DefaultBaseURL, version: V20240530,
		timeout: DefaultTimeout, maxBytes: DefaultMaxResponseBytes,
	}
	for _, o := range opts {
		if o != nil {
			o(cfg)
		}
	}
	if cfg.log == nil {
		cfg.log = slog.New(slog.DiscardHandler)
	}
	cfg.retry = cfg.retry.withDefaults()
	cfg.userAgent = strings.TrimSpace(cfg.userAgent + " " + ownName())
	cfg.takeHTTPClient()
	return cfg, cfg.check()
}

// takeHTTPClient sets what comes from the caller's http.Client. Without one the
// client has its own copy of net/http's default transport, with more idle
// connections for one host than that keeps.
func (c *config) takeHTTPClient() {
	if c.httpClient == nil {
		c.httpClient = &http.Client{}
	}
	c.checkRedirect = c.httpClient.CheckRedirect
	if c.transport = c.httpClient.Transport; c.transport != nil {
		return
	}
	c.transport = http.DefaultTransport
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		own := t.Clone()
		own.MaxIdleConnsPerHost = own.MaxIdleConns
		own.OnProxyConnectResponse = refusedByProxy
		c.transport, c.ownsTransport = own, true
	}
}

// closeIdle returns the function that closes the idle connections of the client's
// own transport. A caller's transport is not changed.
func (c *config) closeIdle() func() {
	if own, ok := c.transport.(*http.Transport); ok && c.ownsTransport {
		return own.CloseIdleConnections
	}
	return func() {}
}

func (c *config) observer() observer { return observer{log: c.log, hook: c.callHook} }

func (c *config) check() error {
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("exportbuckets: "+format, args...))
	}
	if c.auth == nil {
		problem("the auth is nil: use APIKey, ServiceAccount, AccessToken or Tokens")
	}
	if err := c.parseBaseURL(); err != nil {
		problems = append(problems, err)
	}
	if c.version != V20240530 && c.version != V20230101 && c.version != V1 {
		problem("WithAPIVersion: %q is unknown: %s, %s and %s are known", string(c.version), V20240530, V20230101, V1)
	}
	if c.retry.MaxAttempts < 0 || c.retry.BaseDelay < 0 || c.retry.RateLimitDelay < 0 || c.retry.MaxDelay < 0 {
		problem("WithRetryPolicy: a field is negative; MaxAttempts: 1 turns retries off")
	}
	if c.timeout < 0 {
		problem("WithTimeout: %s is negative; 0 turns it off", c.timeout)
	}
	if c.maxBytes <= 0 {
		problem("WithMaxResponseBytes: %d is not positive", c.maxBytes)
	}
	if strings.ContainsFunc(c.userAgent, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		problem("WithUserAgent: the name has a control character in it")
	}
	if c.projectID != "" && !isHexID(c.projectID) {
		problem("the default project id is %s: it must be 24 hexadecimal digits, lower case", quoteShort(c.projectID))
	}
	return errors.Join(problems...)
}

// parseBaseURL checks the base URL. Its text may contain a password, so an error
// repeats nothing of one that cannot be parsed.
func (c *config) parseBaseURL() error {
	u, err := url.Parse(c.base)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("exportbuckets: the base URL must be an absolute http or https URL with a host, such as %s", DefaultBaseURL)
	case u.User != nil:
		return errors.New("exportbuckets: the base URL has a user name or password in it: pass credentials as the auth")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("exportbuckets: the base URL has a query or fragment: leave it out")
	case u.Scheme == "http" && !isLoopback(u.Hostname()) && !c.insecureHTTP:
		return fmt.Errorf("exportbuckets: the base URL has plain http for %s, so that credentials could be read on the way: use https, or WithInsecureHTTP", u.Host)
	}
	c.baseURL = u
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// ownName is the client's User-Agent, with the module's version where the program
// was built from a release of it.
func ownName() string {
	const module = "github.com/atlas-exportbuckets/exportbuckets"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == module {
				return "exportbuckets/" + strings.TrimPrefix(dep.Version, "v")
			}
		}
	}
	return "exportbuckets"
}
