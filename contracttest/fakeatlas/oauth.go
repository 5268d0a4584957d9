package fakeatlas

import (
	"crypto/subtle"
	"errors"
	"mime"
	"net/http"
	"net/url"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas/internal/tokens"
)

// tokenBody is the response of the token endpoint (RFC 6749, 5.1).
type tokenBody struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	TokenType   string `json:"token_type"`
}

// oauthError is the other error form, that of RFC 6749, 5.2.
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func errOAuth(status int, code, description string) *response {
	return &response{status: status, mediaType: plainJSON, value: oauthError{Error: code, Description: description}}
}

// token handles POST /api/oauth/token.
func (s *Server) token(c *call) *response {
	form, account, refused := s.oauthClient(c)
	if refused != nil {
		return refused
	}
	if err := s.tokens.Count(c.arrived.Address(), account.ClientID); err != nil {
		return s.errTokenRate()
	}
	if got := form.Get("grant_type"); got != "client_credentials" {
		return errOAuth(http.StatusBadRequest, "unsupported_grant_type", "The grant type must be client_credentials.")
	}
	life := s.tokens.Limits().Life
	token, err := s.tokens.Issue(account.ClientID, life)
	if errors.Is(err, tokens.ErrTooManyActive) {
		return errOAuth(http.StatusForbidden, "access_denied", "The service account has too many active tokens.")
	}
	return &response{status: http.StatusOK, mediaType: plainJSON, value: tokenBody{
		AccessToken: token, ExpiresIn: int(life.Seconds()), TokenType: "Bearer",
	}}
}

// errTokenRate is as in contracttest/testdata/seen/429-token.http.
func (s *Server) errTokenRate() *response {
	return fail(http.StatusTooManyRequests, "RATE_LIMITED",
		"Resource %s is limited to %d requests every %d minutes.",
		"/api/oauth/token", s.tokens.Limits().PerMinute, 1)
}

// revoke handles POST /api/oauth/revoke.
func (s *Server) revoke(c *call) *response {
	form, account, refused := s.oauthClient(c)
	if refused != nil {
		return refused
	}
	if form.Get("token") == "" {
		return errOAuth(http.StatusBadRequest, "invalid_request", "The token is missing.")
	}
	s.tokens.Revoke(account.ClientID, form.Get("token"))
	return &response{status: http.StatusOK}
}

// isSecret compares a secret, either unencoded as curl sends it, or form-encoded as RFC
// 6749 section 2.3.1 requires and golang.org/x/oauth2 sends it.
func isSecret(got, want string) bool {
	plain := subtle.ConstantTimeCompare([]byte(got), []byte(want))
	decoded := subtle.ConstantTimeCompare([]byte(formDecoded(got)), []byte(want))
	return plain|decoded == 1
}

func formDecoded(s string) string {
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return decoded
}

// oauthClient reads the form and the client of a request to either endpoint.
func (s *Server) oauthClient(c *call) (url.Values, *Account, *response) {
	id, secret, ok := c.request.BasicAuth()
	account := s.accounts.byClient[formDecoded(id)]
	c.named = formDecoded(id)
	if !ok || account == nil || !isSecret(secret, account.ClientSecret) {
		a := errOAuth(http.StatusUnauthorized, "invalid_client", "Client authentication failed.")
		c.refusal = "unknown client or wrong secret"
		a.set("Www-Authenticate", `Basic realm="`+realmOAuth+`"`)
		return nil, nil, a
	}
	mediaType, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	form, formErr := url.ParseQuery(string(c.body))
	if err != nil || formErr != nil || mediaType != "application/x-www-form-urlencoded" {
		return nil, nil, errOAuth(http.StatusBadRequest, "invalid_request", "The body must be a form.")
	}
	if ip, ok := remoteIP(c.request); len(account.AccessList) > 0 && (!ok || !inAccessList(ip, account.AccessList)) {
		return nil, nil, errAddress(ip.String())
	}
	return form, account, nil
}

// realmOAuth is inferred.
const realmOAuth = "MongoDB Cloud"
