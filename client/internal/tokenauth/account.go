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

// Where Atlas mints and revokes tokens, below the base URL.
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
	// Base is the URL that TokenPath and RevokePath are below.
	Base *url.URL
	// Transport carries the requests.
	Transport http.RoundTripper
	// UserAgent is the User-Agent of the requests.
	UserAgent string
	// Fail turns every response without a usable token into the error to return.
	Fail Fail
}

// Fail makes an error of a response, with what was read of its body and the failure
// to read or understand it, if any. The body may hold a token.
type Fail func(res *http.Response, body []byte, cause error) error

// ServiceAccount mints and revokes tokens by HTTP Basic with the client id and
// secret, and follows no redirect.
type ServiceAccount struct {
	Account
	http *http.Client
}

// NewServiceAccount returns a source of tokens for an account.
func NewServiceAccount(a Account) *ServiceAccount {
	return &ServiceAccount{
		Account: a,
		http: &http.Client{
			Transport:     &checked{base: a.Transport, userAgent: a.UserAgent, fail: a.Fail},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Token mints a token with ctx.
func (a *ServiceAccount) Token(ctx context.Context) (*oauth2.Token, error) {
	config := clientcredentials.Config{
		ClientID:     a.ClientID,
		ClientSecret: a.Secret(),
		TokenURL:     a.Base.JoinPath(TokenPath).String(),
		AuthStyle:    oauth2.AuthStyleInHeader,
	}
	return config.Token(context.WithValue(ctx, oauth2.HTTPClient, a.http))
}

// Revoke ends the life of a token, so that it no longer counts among the account's
// living ones.
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

// checked lets through what the oauth2 module can read, a success with JSON, and
// turns the rest into errors that keep the status: oauth2 keeps it for some
// failures only, and next to it the request with its credentials.
type checked struct {
	base      http.RoundTripper
	userAgent string
	fail      Fail
}

func (c *checked) RoundTrip(req *http.Request) (*http.Response, error) {
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

// normalize returns a token response as the oauth2 module reads it, or body and the
// reason why it is not one.
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
		return body, errors.New("the response has an error in it despite its status of success")
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
