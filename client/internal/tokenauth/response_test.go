package tokenauth

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTokenLifetime checks that expires_in is read in every form that servers use.
func TestTokenLifetime(t *testing.T) {
	tests := []struct {
		expiresIn string
		want      time.Duration // 0: no expiry; negative: an error
	}{
		{"3600", time.Hour},
		{"3600.0", time.Hour},
		{"3.6e3", time.Hour},
		{`"3600"`, time.Hour},
		{"1e300", maxLifetime * time.Second},
		{"0", 0},
		{"null", 0},
		{`"soon"`, -1},
		{"-1", -1},
		{`"NaN"`, -1},
		{"{}", -1},
		{"true", -1},
	}
	for _, test := range tests {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"access_token":"tok","token_type":"bearer","expires_in":` + test.expiresIn + `}`))
		}))
		base, _ := url.Parse(srv.URL)
		before := time.Now()
		tok, err := newAccount(base, srv.Client().Transport).Token(t.Context())
		srv.Close()
		switch {
		case test.want < 0:
			if err == nil || !strings.Contains(err.Error(), "expires_in is not a number of seconds") {
				t.Errorf("%s: got %v, want an error", test.expiresIn, err)
			}
		case err != nil:
			t.Errorf("%s: %v", test.expiresIn, err)
		case test.want == 0 && !tok.Expiry.IsZero():
			t.Errorf("%s: expires at %s, want never", test.expiresIn, tok.Expiry)
		case test.want > 0 && (tok.Expiry.Before(before.Add(test.want)) || tok.Expiry.After(time.Now().Add(test.want))):
			t.Errorf("%s: expires at %s, want %s from now", test.expiresIn, tok.Expiry, test.want)
		}
	}
}

// TestTokensIn checks that the tokens in complete and in incomplete responses are found.
func TestTokensIn(t *testing.T) {
	tests := []struct {
		body string
		want []string
	}{
		{`{"access_token":"abc-1","refresh_token" : "def.2"}`, []string{"abc-1", "def.2"}},
		{`{"access_token":"abc-1`, []string{"abc-1"}},
		{`access_token=abc%2D1&token_type=bearer`, []string{"abc%2D1"}},
		{`{'access_token': 'abc'}`, []string{"abc"}},
		{`ID_TOKEN=abc`, []string{"abc"}},
		{`{"error":"invalid_client"}`, nil},
		{`{"access_token":""}`, nil},
		{``, nil},
	}
	for _, test := range tests {
		if got := TokensIn([]byte(test.body)); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.body, got, test.want)
		}
	}
}
