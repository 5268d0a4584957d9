package tokenauth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/oauth2"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// queue returns its tokens one after the other, and then a LimitError.
type queue []string

func (q *queue) Token(context.Context) (*oauth2.Token, error) {
	if len(*q) == 0 {
		return nil, &LimitError{}
	}
	next := (*q)[0]
	*q = (*q)[1:]
	return &oauth2.Token{AccessToken: next}, nil
}

// TestUnauthorized checks that after a 401 the request is sent once more with a new token, and
// that a second 401 is returned.
func TestUnauthorized(t *testing.T) {
	tests := []struct {
		name     string
		tokens   queue
		good     string
		status   int
		requests int
	}{
		{"a good token", queue{"a"}, "a", http.StatusOK, 1},
		{"the second token is accepted", queue{"a", "b"}, "b", http.StatusOK, 2},
		{"the second token is refused as well", queue{"a", "b", "c"}, "none", http.StatusUnauthorized, 2},
		{"the same token again", queue{"a", "a"}, "none", http.StatusUnauthorized, 1},
		{"no other token within the limits", queue{"a"}, "none", http.StatusUnauthorized, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var bodies []string
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				bodies = append(bodies, string(body))
				if r.Header.Get("Authorization") != "Bearer "+test.good {
					w.WriteHeader(http.StatusUnauthorized)
				}
				_, _ = io.WriteString(w, "said the server")
			}))
			defer srv.Close()
			hc := &http.Client{Transport: &Transport{Tokens: NewCache(&test.tokens, func(string) {}), Base: srv.Client().Transport}}
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, strings.NewReader("body"))
			res, err := hc.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			said, _ := io.ReadAll(res.Body)
			if res.StatusCode != test.status || string(said) != "said the server" {
				t.Errorf("got %d %q, want %d", res.StatusCode, said, test.status)
			}
			if len(bodies) != test.requests || strings.Trim(strings.Join(bodies, ""), "body") != "" {
				t.Errorf("requests came with the bodies %q, want %d", bodies, test.requests)
			}
		})
	}
}

// TestRequestIsNotChanged checks that the token is not in the caller's request, unless the
// transport may write to its header.
func TestRequestIsNotChanged(t *testing.T) {
	for _, own := range []bool{false, true} {
		sent := ""
		base := roundTripper(func(req *http.Request) (*http.Response, error) {
			sent = req.Header.Get("Authorization")
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: req}, nil
		})
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://atlas.test", nil)
		res, err := (&Transport{Tokens: NewCache(&queue{"a"}, func(string) {}), Base: base, OwnHeader: own}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if changed := req.Header.Get("Authorization") != ""; sent != "Bearer a" || changed != own {
			t.Errorf("OwnHeader %t: sent %q, and the request was changed: %t", own, sent, changed)
		}
	}
}

// TestAccountResponses checks the handling of the token endpoint's responses: a token,
// or the error that fail makes with the status.
func TestAccountResponses(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"a token", 200, `{"access_token":"tok","expires_in":3600,"token_type":"Bearer"}`, ""},
		{"a token without a lifetime", 200, `{"access_token":"tok"}`, ""},
		{"an OAuth error", 403, `{"error":"access_denied","error_description":"too many"}`, "403"},
		{"an Atlas error", 429, `{"error":429,"errorCode":"RATE_LIMITED"}`, "429"},
		{"HTML", 502, `<html>`, "502"},
		{"a redirect", 307, ``, "307"},
		{"HTML with 200", 200, `<html>`, "200: the response is not a token: invalid character '<' looking for beginning of value"},
		{"cut off", 200, `{"access_token":"tok`, "200: the response is not a token: unexpected end of JSON input"},
		{"no token in the response", 200, `{}`, "200: the response has no access_token"},
		{"an error with 200", 200, `{"access_token":"tok","error":"odd"}`, "200: the response contains an error despite its successful status"},
		{"another kind of token", 200, `{"access_token":"tok","token_type":"mac"}`, `200: unsupported token_type "mac": only Bearer is supported`},
		{"as long as allowed", 200, `{"access_token":"tok"}` + strings.Repeat(" ", maxResponse-len(`{"access_token":"tok"}`)), ""},
		{"too long by a byte", 200, `{"access_token":"tok"}` + strings.Repeat(" ", maxResponse+1-len(`{"access_token":"tok"}`)), "200: the response is longer than 65536 bytes"},
		{"too long", 200, `{"access_token":"` + strings.Repeat("x", maxResponse) + `"}`, "200: the response is longer than 65536 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			requests := 0
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests++
				if id, secret, ok := r.BasicAuth(); !ok || id != "id" || secret != "a%2Fb" || r.URL.Path != TokenPath || r.PostFormValue("grant_type") != "client_credentials" {
					t.Errorf("asked %s as %q %q with %v", r.URL, id, secret, r.PostForm)
				}
				w.Header().Set("Location", "http://elsewhere.test/")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}))
			defer srv.Close()
			base, _ := url.Parse(srv.URL)
			account := newAccount(base, srv.Client().Transport)
			tok, err := account.Token(t.Context())
			if requests != 1 {
				t.Errorf("%d requests, want 1", requests)
			}
			var failed *textError
			switch {
			case test.want == "" && (err != nil || tok.AccessToken != "tok"):
				t.Errorf("got %v, %v, want the token", tok, err)
			case test.want != "" && !errors.As(err, &failed):
				t.Errorf("got %v, want an error with the status", err)
			case test.want != "" && failed.text != test.want:
				t.Errorf("got %q, want %q", failed.text, test.want)
			}
		})
	}
}

func newAccount(base *url.URL, rt http.RoundTripper) *ServiceAccount {
	return NewServiceAccount(Account{
		ClientID: "id", Secret: func() string { return "a/b" },
		Base: base, Transport: rt, UserAgent: "test/1", Fail: asText,
	})
}

// textError is the error that asText returns.
type textError struct{ text string }

func (a *textError) Error() string { return a.text }

func asText(res *http.Response, _ []byte, cause error) error {
	text := res.Status[:3]
	if cause != nil {
		text += ": " + cause.Error()
	}
	return &textError{text}
}

// TestRevoke checks the request that revokes a token, and that a refusal is reported.
func TestRevoke(t *testing.T) {
	for _, test := range []struct {
		status int
		want   string
	}{{200, ""}, {401, "401"}, {302, "302"}} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id, secret, _ := r.BasicAuth(); id != "id" || secret != "a%2Fb" || r.URL.Path != RevokePath ||
				r.PostFormValue("token") != "tok" || r.PostFormValue("token_type_hint") != "access_token" {
				t.Errorf("asked %s as %q %q with %v", r.URL, id, secret, r.PostForm)
			}
			w.Header().Set("Location", "http://elsewhere.test/")
			w.WriteHeader(test.status)
		}))
		base, _ := url.Parse(srv.URL)
		account := newAccount(base, srv.Client().Transport)
		err := account.Revoke(t.Context(), &oauth2.Token{AccessToken: "tok"})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%d: %v", test.status, err)
		}
		srv.Close()
		if err := account.Revoke(t.Context(), &oauth2.Token{AccessToken: "tok"}); err == nil {
			t.Error("revoked on a server that is down")
		}
	}
}

// TestWithoutToken checks that a request without a token is never sent, and the text of the
// error.
func TestWithoutToken(t *testing.T) {
	broken := errors.New("the endpoint is down")
	sent := 0
	base := roundTripper(func(req *http.Request) (*http.Response, error) {
		sent++
		return &http.Response{StatusCode: http.StatusUnauthorized, Body: http.NoBody, Request: req}, nil
	})
	send := func(src Source, body io.Reader) error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://atlas.test", body)
		if err != nil {
			t.Fatal(err)
		}
		res, err := (&Transport{Tokens: NewCache(src, func(string) {}), Base: base}).RoundTrip(req)
		if err == nil {
			_ = res.Body.Close()
		}
		return err
	}
	var failed *TokenError
	err := send(sourceFunc(func() (*oauth2.Token, error) { return nil, broken }), nil)
	if !errors.As(err, &failed) || !errors.Is(err, broken) || err.Error() != "getting an access token: the endpoint is down" || sent != 0 {
		t.Errorf("without a token: %v after %d requests", err, sent)
	}
	first := true
	err = send(sourceFunc(func() (*oauth2.Token, error) {
		if first {
			first = false
			return &oauth2.Token{AccessToken: "a"}, nil
		}
		return nil, broken
	}), nil)
	if !errors.As(err, &failed) || sent != 1 {
		t.Errorf("after a 401: %v after %d requests", err, sent)
	}
	if err := send(&queue{}, nil); !strings.Contains(err.Error(), "Atlas allows 10 requests per minute and 100 active tokens") {
		t.Errorf("beyond the limits: %v", err)
	}
}

// TestBodyThatCannotComeAgain checks that a 401 is returned if the body cannot be sent
// again.
func TestBodyThatCannotComeAgain(t *testing.T) {
	gone := errors.New("read once")
	for _, test := range []struct {
		getBody func() (io.ReadCloser, error)
		want    error
		sent    int
	}{{nil, nil, 1}, {func() (io.ReadCloser, error) { return nil, gone }, gone, 1}} {
		sent := 0
		base := roundTripper(func(req *http.Request) (*http.Response, error) {
			sent++
			return &http.Response{StatusCode: http.StatusUnauthorized, Body: http.NoBody, Request: req}, nil
		})
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://atlas.test", io.MultiReader(strings.NewReader("x")))
		req.GetBody = test.getBody
		res, err := (&Transport{Tokens: NewCache(&queue{"a", "b"}, func(string) {}), Base: base}).RoundTrip(req)
		if err == nil {
			_ = res.Body.Close()
		}
		if !errors.Is(err, test.want) || sent != test.sent {
			t.Errorf("%v after %d requests, want %v after %d", err, sent, test.want, test.sent)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

type sourceFunc func() (*oauth2.Token, error)

func (f sourceFunc) Token(context.Context) (*oauth2.Token, error) { return f() }
