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
	// DefaultBaseURL is the base URL of Atlas. Atlas for Government has
	// https://cloud.mongodbgov.com.
	DefaultBaseURL = "https://cloud.mongodb.com"
	// DefaultTimeout bounds one attempt.
	DefaultTimeout = 60 * time.Second
	// DefaultMaxResponseBytes is ten times the size of a page of 500 buckets with the
	// longest fields.
	DefaultMaxResponseBytes = 16 << 20
)

// Option configures a client. The order of options does not matter. If an option is
// repeated, the last one wins, except that each [WithMiddleware] adds a middleware.
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
	// anyOperation is true for a client of [NewHTTPClient], which sends any operation.
	anyOperation bool
	mask         mask

	httpClient    *http.Client
	transport     http.RoundTripper
	ownsTransport bool
	checkRedirect func(*http.Request, []*http.Request) error
}

// WithBaseURL sets the base URL of Atlas, default [DefaultBaseURL]. A path in it comes
// before the API's own path. Credentials are sent only to this scheme, host and port.
// Plain http is allowed only for loopback addresses: see [WithInsecureHTTP].
func WithBaseURL(u string) Option { return func(c *config) { c.base = u } }

// WithInsecureHTTP allows a base URL with plain http for a host that is not a loopback
// address. Anyone on the network path can then read tokens and responses.
func WithInsecureHTTP() Option { return func(c *config) { c.insecureHTTP = true } }

// WithHTTPClient sends requests with a copy of hc. Its Transport comes last in the chain,
// below authentication. Its Jar applies, and so does its Timeout, which covers a whole call
// with its retries. Its CheckRedirect can forbid redirects that the client would follow,
// but cannot allow others. hc is not changed.
func WithHTTPClient(hc *http.Client) Option { return func(c *config) { c.httpClient = hc } }

// WithAPIVersion selects the version of the API, default [V20240530].
func WithAPIVersion(v APIVersion) Option { return func(c *config) { c.version = v } }

// WithRetryPolicy configures retries. RetryPolicy{MaxAttempts: 1} turns them off.
func WithRetryPolicy(p RetryPolicy) Option { return func(c *config) { c.retry = p } }

// WithUserAgent sets the program's name in the User-Agent header. It comes before the
// client's own name.
func WithUserAgent(name string) Option { return func(c *config) { c.userAgent = name } }

// WithLogger logs calls at debug level, retries at info and an API version's end at
// warn. Log entries contain no headers, bodies or queries. By default nothing is logged.
func WithLogger(l *slog.Logger) Option { return func(c *config) { c.log = l } }

// WithMaxResponseBytes bounds a response, after decompression. Default
// [DefaultMaxResponseBytes]. A longer one is an [*Error] that matches [ErrTooLarge].
func WithMaxResponseBytes(n int64) Option { return func(c *config) { c.maxBytes = n } }

// WithTimeout bounds one attempt of a call, from dialing to the last byte of the
// response, and also [Client.Close], [CloseHTTPClient] and [Client.IssueToken]. Default
// [DefaultTimeout]; 0 turns it off. A context bounds the whole call with its retries.
func WithTimeout(d time.Duration) Option { return func(c *config) { c.timeout = d } }

// WithMiddleware adds m between retries and authentication: it sees every attempt and no
// credential. The request that it receives, the response's Request and errors contain no
// credentials. If there are several, the first is the outermost. A nil m has no effect.
func WithMiddleware(m func(http.RoundTripper) http.RoundTripper) Option {
	return func(c *config) {
		if m != nil {
			c.middleware = append(c.middleware, m)
		}
	}
}

// WithCallHook sets a function that is called at the end of every call, with the call's
// context and on its goroutine. Calls that fail before a request are not reported.
func WithCallHook(f func(context.Context, Call)) Option {
	return func(c *config) { c.callHook = f }
}

// WithDeprecationHook sets a function that is called once for each of Atlas's notices of an
// API version's end. It may be called from several goroutines.
func WithDeprecationHook(f func(Deprecation)) Option {
	return func(c *config) { c.deprecation = f }
}

// WithProjectID sets the default project, which calls with an empty projectID use.
func WithProjectID(id string) Option { return func(c *config) { c.projectID = id } }

// newConfig applies the options and checks the result. It returns all errors together.
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
	program, _ := debug.ReadBuildInfo()
	cfg.userAgent = strings.TrimSpace(cfg.userAgent + " " + userAgentFor(program))
	cfg.takeHTTPClient()
	return cfg, cfg.check()
}

// takeHTTPClient applies the caller's http.Client. Without one the client uses its own copy
// of net/http's default transport, with more idle connections per host.
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
		own.MaxResponseHeaderBytes = maxHeaderBytes
		own.OnProxyConnectResponse = refusedByProxy
		c.transport, c.ownsTransport = own, true
	}
}

// maxHeaderBytes bounds the header of a response: 1 MiB. Atlas's have about 1 KiB.
const maxHeaderBytes = 1 << 20

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
		problem("WithAPIVersion: %q is unknown: it must be %s, %s or %s", string(c.version), V20240530, V20230101, V1)
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
		problem("WithUserAgent: the name contains a control character")
	}
	if c.projectID != "" && !isHexID(c.projectID) {
		problem("the default project id is %s: it must be 24 hexadecimal digits, lower case", quoteShort(c.projectID))
	}
	return errors.Join(problems...)
}

// parseBaseURL checks the base URL. It may contain a password, so the error for a URL that
// cannot be parsed does not repeat it.
func (c *config) parseBaseURL() error {
	u, err := url.Parse(c.base)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("exportbuckets: the base URL must be an absolute http or https URL with a host, such as %s", DefaultBaseURL)
	case u.User != nil:
		return errors.New("exportbuckets: the base URL contains a user name or password: pass credentials as the auth")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("exportbuckets: the base URL has a query or fragment: remove it")
	case u.Scheme == "http" && !isLoopback(u.Hostname()) && !c.insecureHTTP:
		return fmt.Errorf("exportbuckets: the base URL uses plain http for %s, which does not encrypt credentials: use https, or WithInsecureHTTP", u.Host)
	}
	c.baseURL = u
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// userAgentFor returns the client's User-Agent for a program with this build information, which
// may be nil: with the module's version if the program requires a release of it.
func userAgentFor(program *debug.BuildInfo) string {
	const name, module = "exportbuckets", "github.com/atlas-exportbuckets/exportbuckets"
	if program == nil {
		return name
	}
	for _, dep := range program.Deps {
		if dep.Path == module {
			return name + "/" + strings.TrimPrefix(dep.Version, "v")
		}
	}
	return name
}
