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

// maxAnswer bounds a token endpoint's answer. Atlas's has about 1 KiB.
const maxAnswer = 64 << 10

// ServiceAccount mints and revokes tokens by HTTP Basic with the client id and
// secret, and follows no redirect.
type ServiceAccount struct {
	clientID string
	secret   func() string
	base     *url.URL
	http     *http.Client
}

// NewServiceAccount returns the account at base's host. Requests go through rt.
// fail turns every answer that holds no token into the error to return.
func NewServiceAccount(clientID string, secret func() string, base *url.URL, rt http.RoundTripper, fail Fail) *ServiceAccount {
	return &ServiceAccount{
		clientID: clientID,
		secret:   secret,
		base:     base,
		http: &http.Client{
			Transport:     &checked{base: rt, fail: fail},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Fail makes an error of an answer, with what was read of its body and the failure
// to read or understand it, if any.
type Fail func(res *http.Response, body []byte, cause error) error

// Token mints a token with ctx.
func (a *ServiceAccount) Token(ctx context.Context) (*oauth2.Token, error) {
	config := clientcredentials.Config{
		ClientID:     a.clientID,
		ClientSecret: a.secret(),
		TokenURL:     a.base.JoinPath(TokenPath).String(),
		AuthStyle:    oauth2.AuthStyleInHeader,
	}
	return config.Token(context.WithValue(ctx, oauth2.HTTPClient, a.http))
}

// Revoke ends the life of a token, so that it no longer counts among the account's
// living ones.
func (a *ServiceAccount) Revoke(ctx context.Context, tok *oauth2.Token) error {
	form := url.Values{"token": {tok.AccessToken}, "token_type_hint": {"access_token"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base.JoinPath(RevokePath).String(), strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(a.clientID), url.QueryEscape(a.secret()))
	res, err := a.http.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// checked lets through what the oauth2 module can read, a success with JSON, and
// turns the rest into errors that keep the status: oauth2 keeps it for some
// failures only, and beside it the request with its credentials.
type checked struct {
	base http.RoundTripper
	fail Fail
}

func (c *checked) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := c.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
	case res.StatusCode != http.StatusOK:
		return nil, c.fail(res, body, nil)
	case strings.HasSuffix(req.URL.Path, RevokePath):
	case len(body) > maxAnswer:
		err = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	default:
		err = usable(body)
	}
	if err != nil {
		return nil, c.fail(res, body, err)
	}
	res.Header = http.Header{"Content-Type": {"application/json"}}
	res.Body = io.NopCloser(strings.NewReader(string(body)))
	return res, nil
}

// usable reports what keeps body from being a token.
func usable(body []byte) error {
	var answer struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		Error       any    `json:"error"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("the answer is no token: %w", err)
	}
	if answer.Error != nil {
		return errors.New("the answer has an error beside its status of success")
	}
	if answer.AccessToken == "" {
		return errors.New("the answer has no access_token")
	}
	if answer.TokenType != "" && !strings.EqualFold(answer.TokenType, "Bearer") {
		return fmt.Errorf("the answer's token_type is %q: Bearer is known", answer.TokenType)
	}
	return nil
}
