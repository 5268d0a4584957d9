package fakeatlas_test

import (
	"encoding/base64"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// plain sends a request without credentials.
func plain(t testing.TB, srv *fakeatlas.Server) caller {
	return caller{t: t, srv: srv, http: &http.Client{Transport: srv.Client().Transport}}
}

// as sends a request with another API key.
func as(t testing.TB, srv *fakeatlas.Server, public, private string) caller {
	return caller{t: t, srv: srv, http: &http.Client{Transport: &digest.Transport{
		Username: public, Password: private, Transport: srv.Client().Transport,
	}}}
}

// The challenge equals that of contracttest/testdata/seen, byte for byte, in both forms.
// TestFakeMatchesRecordings checks its headers.
func TestChallenge(t *testing.T) {
	for file, opts := range map[string][]fakeatlas.Option{
		"401-2026-07.http": nil, "401-2026-08.http": {fakeatlas.ChallengeErrorCode()},
	} {
		seen, err := os.ReadFile("../testdata/seen/" + file)
		if err != nil {
			t.Fatal(err)
		}
		got := plain(t, fakeatlas.New(t, opts...)).ask("GET", "", "")
		if got.status != http.StatusUnauthorized || !strings.HasSuffix(string(seen), "\n\n"+got.body) {
			t.Errorf("%s: %d\n%s", file, got.status, got.body)
		}
		form := regexp.MustCompile(`^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/]{32}", algorithm=MD5, qop="auth", stale=false$`)
		if challenge := got.header.Get("Www-Authenticate"); !form.MatchString(challenge) {
			t.Errorf("challenge %q", challenge)
		}
	}
}

func TestWrongCredentials(t *testing.T) {
	srv := fakeatlas.New(t)
	token := plain(t, srv)
	for _, tt := range []struct {
		name string
		got  reply
	}{
		{"unknown key", as(t, srv, "nobody", srv.PrivateKey).ask("GET", "", "")},
		{"wrong private key", as(t, srv, srv.PublicKey, "guess").ask("GET", "", "")},
		{"Basic instead of Digest", token.ask("GET", "", "", "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte(srv.PublicKey+":"+srv.PrivateKey)))},
		{"made-up token", token.ask("GET", "", "", "Authorization: Bearer guess")},
		{"no token", token.ask("GET", "", "", "Authorization: Bearer")},
		{"scheme alone", token.ask("GET", "", "", "Authorization: Digest")},
	} {
		challenge := tt.got.header.Get("Www-Authenticate")
		if tt.got.status != http.StatusUnauthorized || !strings.HasPrefix(challenge, "Digest ") || !strings.Contains(challenge, "stale=false") {
			t.Errorf("%s: %d, challenge %q", tt.name, tt.got.status, challenge)
		}
	}
}

func TestAccessToken(t *testing.T) {
	srv := fakeatlas.New(t)
	c := plain(t, srv)
	token, err := srv.AccessToken()
	if err != nil {
		t.Fatal(err)
	}
	bearer := "Authorization: Bearer " + token
	if got := c.ask("GET", "", "", bearer); got.status != 200 {
		t.Errorf("%d %s", got.status, got.body)
	}
	srv.Advance(time.Hour)
	if got := c.ask("GET", "", "", bearer); got.status != 401 {
		t.Errorf("an hour later: %d", got.status)
	}
}

// oauth posts a form to one of the two endpoints.
func (c caller) oauth(endpoint, form, id, secret string) reply {
	c.t.Helper()
	basic := base64.StdEncoding.EncodeToString([]byte(id + ":" + secret))
	return c.ask("POST", "/api/oauth/"+endpoint, form,
		"Authorization: Basic "+basic, "Content-Type: application/x-www-form-urlencoded", "Accept: application/json")
}

var tokenAnswer = regexp.MustCompile(`^{"access_token":"([^"]+)","expires_in":3600,"token_type":"Bearer"}$`)

func TestTokenEndpoint(t *testing.T) {
	srv := fakeatlas.New(t)
	c := plain(t, srv)
	got := c.oauth("token", "grant_type=client_credentials", srv.ClientID, srv.ClientSecret)
	m := tokenAnswer.FindStringSubmatch(got.body)
	if got.status != 200 || m == nil {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := c.ask("GET", "", "", "Authorization: Bearer "+m[1]); got.status != 200 {
		t.Errorf("with the token: %d %s", got.status, got.body)
	}
	if got := c.oauth("revoke", "token="+m[1]+"&token_type_hint=access_token", srv.ClientID, srv.ClientSecret); got.status != 200 || got.body != "" {
		t.Errorf("revoke: %d %q", got.status, got.body)
	}
	if got := c.ask("GET", "", "", "Authorization: Bearer "+m[1]); got.status != 401 {
		t.Errorf("after it was revoked: %d", got.status)
	}
}

func TestTokenRefusals(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.AllowUnknown())
	c := plain(t, srv)
	const grant = "grant_type=client_credentials"
	for _, tt := range []struct {
		name   string
		got    reply
		status int
		code   string
	}{
		{"wrong secret", c.oauth("token", grant, srv.ClientID, "guess"), 401, "invalid_client"},
		{"unknown client", c.oauth("token", grant, "nobody", srv.ClientSecret), 401, "invalid_client"},
		{"no client", c.ask("POST", "/api/oauth/token", grant), 401, "invalid_client"},
		{"other grant", c.oauth("token", "grant_type=password", srv.ClientID, srv.ClientSecret), 400, "unsupported_grant_type"},
		{"broken form", c.oauth("token", "%zz", srv.ClientID, srv.ClientSecret), 400, "invalid_request"},
		{"revoke nothing", c.oauth("revoke", "", srv.ClientID, srv.ClientSecret), 400, "invalid_request"},
		{"another method", c.ask("GET", "/api/oauth/token", ""), 405, "METHOD_NOT_ALLOWED"},
	} {
		if tt.got.status != tt.status || !strings.Contains(tt.got.body, `"`+tt.code+`"`) {
			t.Errorf("%s: %d %s, want %d %s", tt.name, tt.got.status, tt.got.body, tt.status, tt.code)
		}
	}
}

// The test checks both limits, in the two forms that Atlas uses for errors.
func TestTokenLimits(t *testing.T) {
	srv := fakeatlas.New(t)
	c := plain(t, srv)
	ask := func() reply {
		return c.oauth("token", "grant_type=client_credentials", srv.ClientID, srv.ClientSecret)
	}
	for n := range 10 {
		if got := ask(); got.status != 200 {
			t.Fatalf("request %d: %d %s", n+1, got.status, got.body)
		}
	}
	seen, err := os.ReadFile("../testdata/seen/429-token.http")
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(); got.status != 429 || !strings.HasSuffix(string(seen), "\n\n"+got.body) {
		t.Errorf("the eleventh: %d %s", got.status, got.body)
	}
	for range 90 {
		if _, err := srv.AccessToken(); err != nil {
			t.Fatal(err)
		}
	}
	srv.Advance(time.Minute)
	if got := ask(); got.status != 403 || !strings.Contains(got.body, `{"error":"access_denied","error_description":"`) {
		t.Errorf("with 100 active tokens: %d %s", got.status, got.body)
	}
}

func TestRoles(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.Accounts(
		fakeatlas.Account{PublicKey: "reader", PrivateKey: "r", Role: fakeatlas.ReadOnly},
		fakeatlas.Account{PublicKey: "foreign", PrivateKey: "f", OtherOrganization: true},
		fakeatlas.Account{PublicKey: "faraway", PrivateKey: "w", AccessList: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}},
		fakeatlas.Account{PublicKey: "local", PrivateKey: "l", AccessList: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
	))
	id := srv.Buckets(srv.ProjectID)[0].ID
	for _, tt := range []struct {
		key, private, method, path, body string
		status                           int
		code                             string
	}{
		{"reader", "r", "GET", "", "", 200, ""},
		{"reader", "r", "GET", id, "", 200, ""},
		{"reader", "r", "POST", "", awsBody, 401, "USER_UNAUTHORIZED"},
		{"reader", "r", "PATCH", id, `{"requirePrivateNetworking":true}`, 401, "USER_UNAUTHORIZED"},
		{"reader", "r", "DELETE", id, "", 401, "USER_UNAUTHORIZED"},
		{"foreign", "f", "GET", "", "", 401, "NOT_IN_GROUP"},
		{"faraway", "w", "GET", "", "", 403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"},
		{"local", "l", "GET", "", "", 200, ""},
	} {
		got := as(t, srv, tt.key, tt.private).ask(tt.method, tt.path, tt.body)
		if got.status != tt.status || got.header.Get("X-Error-Code") != tt.code || got.header.Get("Www-Authenticate") != "" {
			t.Errorf("%s: %s %s: %d %s, want %d %s", tt.key, tt.method, tt.path, got.status, got.body, tt.status, tt.code)
		}
	}
}
