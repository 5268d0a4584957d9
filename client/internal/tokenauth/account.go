package tokenauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// The paths of Atlas's token endpoints, below the base URL.
const (
	TokenPath  = "/api/oauth/token"
	RevokePath = "/api/oauth/revoke"
)

// maxResponse bounds a token endpoint's response. Atlas's has about 1 KiB.
const maxResponse = 64 << 10

// Account is the configuration of a ServiceAccount.
type Account struct {
	ClientID string
	// Secret returns the client secret. It is a function so that no printing of the
	// account can show it.
	Secret func() string
	// Base is the base URL, to which TokenPath and RevokePath are added.
	Base *url.URL
	// Transport sends the requests.
	Transport http.RoundTripper
	// UserAgent is the User-Agent of the requests.
	UserAgent string
	// Fail returns the error for a response without a usable token.
	Fail Fail
}

// Fail returns an error for a response. body is the part of its body that was read, and
// cause the reason why it could not be read or decoded, if any. The body may contain a
// token.
type Fail func(res *http.Response, body []byte, cause error) error

// ServiceAccount requests and revokes tokens with the client id and secret (HTTP Basic). It
// follows no redirect.
type ServiceAccount struct {
	Account
	http *http.Client
}

// NewServiceAccount returns a source of tokens for an account.
func NewServiceAccount(a Account) *ServiceAccount {
	return &ServiceAccount{
		Account: a,
		http: &http.Client{
			Transport:     &statusTransport{base: a.Transport, userAgent: a.UserAgent, fail: a.Fail},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Token requests a token.
func (a *ServiceAccount) Token(ctx context.Context) (*oauth2.Token, error) {
	config := clientcredentials.Config{
		ClientID:     a.ClientID,
		ClientSecret: a.Secret(),
		TokenURL:     a.Base.JoinPath(TokenPath).String(),
		AuthStyle:    oauth2.AuthStyleInHeader,
	}
	return config.Token(context.WithValue(ctx, oauth2.HTTPClient, a.http))
}

// Revoke revokes a token, so that it no longer counts toward the account's limit of active
// tokens.
func (a *ServiceAccount) Revoke(ctx context.Context, tok *oauth2.Token) error {
	form := url.Values{"token": {tok.AccessToken}, "token_type_hint": {"access_token"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.Base.JoinPath(RevokePath).String(), strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(a.ClientID), url.QueryEscape(a.Secret()))
	res, err := a.http.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// statusTransport returns successful JSON responses, which the oauth2 module can read, and
// returns errors with the status for all others. The oauth2 module keeps the status only for some
// failures, together with the request and its credentials.
type statusTransport struct {
	base      http.RoundTripper
	userAgent string
	fail      Fail
}

func (c *statusTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	named := req.Clone(req.Context())
	named.Header.Set("User-Agent", c.userAgent)
	res, err := c.base.RoundTrip(named)
	if err != nil {
		return nil, err
	}
	res.Request = named
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxResponse+1))
	switch {
	case err != nil:
	case res.StatusCode != http.StatusOK:
		return nil, c.fail(res, body, nil)
	case strings.HasSuffix(req.URL.Path, RevokePath):
	case len(body) > maxResponse:
		err = fmt.Errorf("the response is longer than %d bytes", maxResponse)
	default:
		body, err = normalize(body)
	}
	if err != nil {
		return nil, c.fail(res, body, err)
	}
	res.Header = http.Header{"Content-Type": {"application/json"}}
	res.Body = io.NopCloser(strings.NewReader(string(body)))
	return res, nil
}

// normalize returns a token response in the form that the oauth2 module reads, or body and
// the reason why it is not a token response.
func normalize(body []byte) ([]byte, error) {
	var response struct {
		AccessToken string   `json:"access_token"`
		TokenType   string   `json:"token_type"`
		ExpiresIn   lifetime `json:"expires_in"`
		Error       any      `json:"error"`
	}
	if err := json.Unmarshal(body, &response); err != nil {
		return body, fmt.Errorf("the response is not a token: %w", err)
	}
	switch {
	case response.Error != nil:
		return body, errors.New("the response contains an error despite its successful status")
	case response.AccessToken == "":
		return body, errors.New("the response has no access_token")
	case response.TokenType != "" && !strings.EqualFold(response.TokenType, "Bearer"):
		return body, fmt.Errorf("unsupported token_type %q: only Bearer is supported", response.TokenType)
	}
	clean, err := json.Marshal(map[string]any{
		"access_token": response.AccessToken, "token_type": "Bearer", "expires_in": int64(response.ExpiresIn),
	})
	if err != nil {
		return body, err
	}
	return clean, nil
}
