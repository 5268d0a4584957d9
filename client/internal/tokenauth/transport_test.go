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

// queue gives the tokens one after the other, and a LimitError when none is left.
type queue []string

func (q *queue) Token(context.Context) (*oauth2.Token, error) {
	if len(*q) == 0 {
		return nil, &LimitError{}
	}
	next := (*q)[0]
	*q = (*q)[1:]
	return &oauth2.Token{AccessToken: next}, nil
}

// TestUnauthorized holds what happens after a 401: one other token, one more try,
// and the server's own 401 when that is in vain.
func TestUnauthorized(t *testing.T) {
	tests := []struct {
		name     string
		tokens   queue
		good     string
		status   int
		requests int
	}{
		{"a good token", queue{"a"}, "a", http.StatusOK, 1},
		{"the second is good", queue{"a", "b"}, "b", http.StatusOK, 2},
		{"the second is no better", queue{"a", "b", "c"}, "none", http.StatusUnauthorized, 2},
		{"the same again", queue{"a", "a"}, "none", http.StatusUnauthorized, 1},
		{"no other within the limits", queue{"a"}, "none", http.StatusUnauthorized, 1},
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
			hc := &http.Client{Transport: &Transport{Tokens: NewCache(&test.tokens), Base: srv.Client().Transport}}
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

// TestAccountAnswers holds what becomes of the token endpoint's answers: a token,
// or the error that fail makes with the status.
func TestAccountAnswers(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"a token", 200, `{"access_token":"tok","expires_in":3600,"token_type":"Bearer"}`, ""},
		{"a token without a life", 200, `{"access_token":"tok"}`, ""},
		{"an OAuth error", 403, `{"error":"access_denied","error_description":"too many"}`, "403"},
		{"an Atlas error", 429, `{"error":429,"errorCode":"RATE_LIMITED"}`, "429"},
		{"HTML", 502, `<html>`, "502"},
		{"a redirect", 307, ``, "307"},
		{"HTML with 200", 200, `<html>`, "200: the answer is no token: invalid character '<' looking for beginning of value"},
		{"cut off", 200, `{"access_token":"tok`, "200: the answer is no token: unexpected end of JSON input"},
		{"no token in it", 200, `{}`, "200: the answer has no access_token"},
		{"an error with 200", 200, `{"access_token":"tok","error":"odd"}`, "200: the answer has an error beside its status of success"},
		{"another kind of token", 200, `{"access_token":"tok","token_type":"mac"}`, `200: the answer's token_type is "mac": Bearer is known`},
		{"too long", 200, `{"access_token":"` + strings.Repeat("x", maxAnswer) + `"}`, "200: the answer is longer than 65536 bytes"},
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
			account := NewServiceAccount("id", func() string { return "a/b" }, base, srv.Client().Transport, asText)
			tok, err := account.Token(t.Context())
			if requests != 1 {
				t.Errorf("%d requests, want 1", requests)
			}
			var failed *answered
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

// answered is what asText makes of a failure.
type answered struct{ text string }

func (a *answered) Error() string { return a.text }

func asText(res *http.Response, _ []byte, cause error) error {
	text := res.Status[:3]
	if cause != nil {
		text += ": " + cause.Error()
	}
	return &answered{text}
}
