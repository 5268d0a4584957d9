package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/atlas-exportbuckets/exportbuckets/client/internal/digestauth"
	"github.com/atlas-exportbuckets/exportbuckets/client/internal/tokenauth"
	"golang.org/x/oauth2"
)

// Auth is the authentication of a client: [APIKey], [ServiceAccount], [AccessToken] and
// [Tokens] return one. Printing it in any way shows no secret. Several clients may use one
// Auth; each keeps its own challenge or token.
type Auth interface {
	fmt.Stringer
	// attach returns a signer for a client, or an error that names what the Auth lacks.
	attach(authConfig) (signer, error)
}

// An authConfig is the part of a client that an Auth signs requests with.
type authConfig struct {
	// base sends the signed requests, and the requests for tokens.
	base http.RoundTripper
	// baseURL is the only origin that gets credentials.
	baseURL   *url.URL
	userAgent string
	// mask gets the credentials, to redact them in texts.
	mask *mask
	// ownHeader is true if the signer may write to a request's header.
	ownHeader bool
}

// bearer returns the round trip that signs with the tokens of a cache.
func (cfg authConfig) bearer(tokens *tokenauth.Cache) roundTrip {
	transport := &tokenauth.Transport{Tokens: tokens, Base: cfg.base, OwnHeader: cfg.ownHeader, Fail: cfg.tokenSourceError}
	return transport.RoundTrip
}

// A signer is the state of an Auth in one client.
type signer struct {
	roundTrip roundTrip
	// close revokes the signer's token at the server. It may be nil.
	close func(context.Context) error
	// issue asks for an access token that the signer does not use. It is nil without a
	// service account.
	issue func(context.Context) (*oauth2.Token, error)
	// timeout bounds close and issue, whose requests do not pass through an attemptLayer.
	timeout *timeoutError
}

// end closes the signer and releases its token on the server.
func (s signer) end(ctx context.Context, m *mask) error {
	if s.close == nil {
		return nil
	}
	ctx, cancel := s.timeout.limit(guardTrace(ctx))
	defer cancel()
	if err := s.close(ctx); err != nil {
		e := tokenFailure(fmt.Errorf("revoking: %w", causeOf(ctx, err)))
		e.sanitize(m)
		return e
	}
	return nil
}

// APIKey authenticates with an API key pair by HTTP Digest (RFC 7616). The client reuses
// Atlas's challenge, so that a call is usually one request.
func APIKey(publicKey, privateKey string) Auth {
	return &apiKey{publicKey: publicKey, privateKey: hide(privateKey)}
}

type apiKey struct {
	publicKey  string
	privateKey secret
}

func (a *apiKey) String() string { return fmt.Sprintf("APIKey(%q, …)", a.publicKey) }

// Format prints the same for every verb.
func (a *apiKey) Format(f fmt.State, _ rune) { redacted(f, a.String()) }

func (a *apiKey) attach(cfg authConfig) (signer, error) {
	err := errors.Join(checkCredential("APIKey: the public key", a.publicKey), digestUser(a.publicKey), checkCredential("APIKey: the private key", a.privateKey()))
	if err != nil {
		return signer{}, err
	}
	cfg.mask.hide(a.privateKey, hide(a.publicKey+":"+a.privateKey()))
	return signer{roundTrip: digestauth.New(a.publicKey, a.privateKey, cfg.base).RoundTrip}, nil
}

// ServiceAccount authenticates with a service account's OAuth 2.0 client credentials. The
// client fetches one token for all its goroutines from the base URL's host, renews it
// before it expires, and respects Atlas's limits of 10 token requests per minute and 100
// active tokens. [Client.Close] revokes the token.
func ServiceAccount(clientID, clientSecret string) Auth {
	return &serviceAccount{clientID: clientID, clientSecret: hide(clientSecret)}
}

type serviceAccount struct {
	clientID     string
	clientSecret secret
}

func (a *serviceAccount) String() string { return fmt.Sprintf("ServiceAccount(%q, …)", a.clientID) }

// Format prints the same for every verb.
func (a *serviceAccount) Format(f fmt.State, _ rune) { redacted(f, a.String()) }

func (a *serviceAccount) attach(cfg authConfig) (signer, error) {
	err := errors.Join(checkCredential("ServiceAccount: the client id", a.clientID), checkCredential("ServiceAccount: the client secret", a.clientSecret()))
	if err != nil {
		return signer{}, err
	}
	basic := hide(url.QueryEscape(a.clientID) + ":" + url.QueryEscape(a.clientSecret()))
	cfg.mask.hide(a.clientSecret, basic, hide(a.clientID+":"+a.clientSecret()))
	account := tokenauth.NewServiceAccount(tokenauth.Account{
		ClientID: a.clientID, Secret: a.clientSecret,
		Base: cfg.baseURL, Transport: cfg.base, UserAgent: cfg.userAgent, Fail: tokenEndpointError(cfg.mask),
	})
	cache := tokenauth.NewCache(&tokenauth.Limiter{Source: account}, cfg.mask.hideToken)
	revoke := func(ctx context.Context) error {
		tok, err := cache.Close(ctx)
		if err != nil || tok == nil {
			return err
		}
		return account.Revoke(ctx, tok)
	}
	return signer{roundTrip: cfg.bearer(cache), close: revoke, issue: account.Token}, nil
}

// AccessToken authenticates with an existing access token. It is not renewed: after it
// expires, calls fail with [ErrUnauthorized].
func AccessToken(token string) Auth { return &accessToken{token: hide(token)} }

type accessToken struct {
	token secret
}

func (*accessToken) String() string { return "AccessToken(…)" }

// Format prints the same for every verb.
func (a *accessToken) Format(f fmt.State, _ rune) { redacted(f, a.String()) }

func (a *accessToken) attach(cfg authConfig) (signer, error) {
	if err := checkCredential("AccessToken: the token", a.token()); err != nil {
		return signer{}, err
	}
	cfg.mask.hide(a.token)
	signed := &staticToken{authorization: hide("Bearer " + a.token()), ownHeader: cfg.ownHeader, next: cfg.base}
	return signer{roundTrip: signed.RoundTrip}, nil
}

// staticToken signs with a token that cannot be replaced.
type staticToken struct {
	authorization secret
	ownHeader     bool
	next          http.RoundTripper
}

func (t *staticToken) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.ownHeader {
		signed := req.WithContext(req.Context())
		signed.Header = req.Header.Clone()
		req = signed
	}
	req.Header.Set("Authorization", t.authorization())
	return t.next.RoundTrip(req)
}

// TokenSource returns access tokens, for [Tokens]. The client calls it when it has no
// token, when its token is about to expire (by the token's Expiry) and, once per call,
// after a 401. The client never calls it from two goroutines at once, and passes the
// context of the call that needs the token.
//
// A *clientcredentials.Config of golang.org/x/oauth2 is a TokenSource. A source that caches
// tokens may also have a method Invalidate(*oauth2.Token). The client calls it with a token
// that Atlas refused, before it asks the source for another.
type TokenSource interface {
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Tokens authenticates with access tokens from a [TokenSource], such as one that shares
// tokens between processes, keeps them in a file, or reads them from a vault.
// [Client.Close] does not revoke them.
func Tokens(source TokenSource) Auth {
	return &tokens{source: func() TokenSource { return source }}
}

// tokens keeps its source in a function, so that printing does not show it (see secret).
type tokens struct {
	source func() TokenSource
}

func (t *tokens) String() string { return fmt.Sprintf("Tokens(%T)", t.source()) }

// Format prints the same for every verb.
func (t *tokens) Format(f fmt.State, _ rune) { redacted(f, t.String()) }

func (t *tokens) attach(cfg authConfig) (signer, error) {
	source := t.source()
	if source == nil {
		return signer{}, errors.New("exportbuckets: Tokens: the source is nil")
	}
	cache := tokenauth.NewCache(source, cfg.mask.hideToken)
	forget := func(ctx context.Context) error {
		_, err := cache.Close(ctx)
		return err
	}
	return signer{roundTrip: cfg.bearer(cache), close: forget}, nil
}

// checkCredential returns an error for a credential that is empty or contains white space.
func checkCredential(what, value string) error {
	switch {
	case value == "":
		return fmt.Errorf("exportbuckets: %s is empty", what)
	case strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return fmt.Errorf("exportbuckets: %s contains a space or line end, perhaps from copying", what)
	}
	return nil
}

// digestUser returns an error for a user name that HTTP Digest cannot transmit: Digest
// hashes name, realm and password separated by colons (RFC 7616 §3.4.2), and sends the
// name in UTF-8.
func digestUser(name string) error {
	switch {
	case strings.Contains(name, ":"):
		return errors.New("exportbuckets: APIKey: the public key contains a colon, which HTTP Digest does not allow in a user name: pass the private key as the second argument")
	case !utf8.ValidString(name):
		return errors.New("exportbuckets: APIKey: the public key is not valid UTF-8")
	}
	return nil
}
