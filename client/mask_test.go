package client_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"golang.org/x/oauth2"
)

// The credentials that a hostile gateway repeats. They have characters that
// encodings change.
const (
	plantedKey    = "pl4nted/key+with=marks&m0re"
	plantedSecret = "mdb_sa_sk_pl4nted-secret/of+an&account"
	plantedToken  = "pl4nted.token-of_an~account/0+1"
)

// planted is a way to authenticate, with its secret credentials.
type planted struct {
	auth    client.Auth
	secrets []string
}

func plantedAuths() []planted {
	return []planted{
		{client.APIKey("public", plantedKey), []string{plantedKey, "public:" + plantedKey}},
		{client.ServiceAccount("id", plantedSecret), []string{plantedSecret, plantedToken, "id:" + plantedSecret, "id:" + url.QueryEscape(plantedSecret)}},
		{client.AccessToken(plantedToken), []string{plantedToken}},
		{client.Tokens(fixedToken(plantedToken)), []string{plantedToken}},
	}
}

// forms returns the credentials in every encoding in which they may appear.
func (p planted) forms() []string {
	var forms []string
	for _, value := range p.secrets {
		quoted, _ := json.Marshal(value)
		forms = append(forms, value, url.QueryEscape(value), url.PathEscape(value), strings.Trim(string(quoted), `"`),
			base64.StdEncoding.EncodeToString([]byte(value)), base64.URLEncoding.EncodeToString([]byte(value)),
			base64.RawStdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value)))
	}
	return forms
}

// plain returns the unencoded credentials.
func (p planted) plain() string { return strings.Join(p.secrets, " ") }

// search reports the first credential that is in one of the texts.
func (p planted) search(t *testing.T, texts []string) {
	t.Helper()
	for _, form := range p.forms() {
		for _, text := range texts {
			if strings.Contains(text, form) {
				t.Errorf("%s: %q is in %s", p.auth, form, text)
				return
			}
		}
	}
}

// everyText returns all texts that a program can easily obtain from a value.
func everyText(v any) []string {
	var texts []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		texts = append(texts, fmt.Sprintf(verb, v))
	}
	if encoded, err := json.Marshal(v); err == nil {
		texts = append(texts, string(encoded))
	}
	var e *client.Error
	if err, ok := v.(error); ok && errors.As(err, &e) {
		texts = append(texts, string(e.Body), fmt.Sprintf("%+v", *e), fmt.Sprintf("%#v", *e))
		for cause := e.Cause; cause != nil; cause = errors.Unwrap(cause) {
			texts = append(texts, cause.Error(), fmt.Sprintf("%+v", cause), fmt.Sprintf("%#v", cause))
		}
	}
	return texts
}

// respondToken responds to a token request with the planted token, and reports whether r was one.
func respondToken(w http.ResponseWriter, r *http.Request) bool {
	if !strings.HasSuffix(r.URL.Path, "/oauth/token") {
		return false
	}
	raw(w, http.StatusOK, plainJSON, `{"access_token":"`+plantedToken+`","token_type":"Bearer","expires_in":3600}`)
	return true
}

// echoes are gateways that repeat credentials somewhere in a response.
var echoes = map[string]func(p planted, w http.ResponseWriter){
	"in an Atlas error": func(p planted, w http.ResponseWriter) {
		all := strings.Join(p.forms(), " ")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"error": 400, "errorCode": "E_" + p.plain(), "detail": all, "reason": all,
			"parameters":       []any{all, 1, map[string]any{p.plain(): all}, []any{all}},
			"badRequestDetail": map[string]any{"fields": []map[string]string{{"field": all, "description": all}}},
		})
	},
	"in HTML": func(p planted, w http.ResponseWriter) {
		raw(w, http.StatusBadGateway, "text/html", "<pre>"+strings.Join(p.forms(), "\n")+"</pre>")
	},
	"where the body is cut": func(p planted, w http.ResponseWriter) {
		raw(w, http.StatusInternalServerError, "text/plain", strings.Repeat("x", 8<<10-20)+p.plain())
	},
	"in headers": func(p planted, w http.ResponseWriter) {
		all := p.plain()
		w.Header().Set("X-Error-Code", all)
		w.Header().Set("Sunset", all)
		w.Header().Set("Deprecation", all)
		raw(w, http.StatusBadRequest, "text/"+all, "{}")
	},
	"in the Content-Type of a success": func(p planted, w http.ResponseWriter) {
		raw(w, http.StatusOK, p.plain(), "{}")
	},
	"in a Location": func(p planted, w http.ResponseWriter) {
		w.Header().Set("Location", "https://"+p.plain()+".test/"+p.plain())
		w.WriteHeader(http.StatusFound)
	},
	"in a malformed Location": func(p planted, w http.ResponseWriter) {
		w.Header().Set("Location", "http://[::1/"+p.plain())
		w.WriteHeader(http.StatusFound)
	},
	"in a broken status line": func(p planted, w http.ResponseWriter) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 "+p.plain()+"\r\n\r\n")
		_ = conn.Close()
	},
}

// TestEchoedCredentials uses a gateway that repeats the client's credentials, and the token
// issued to the client, in every part of a response. No error, log, hook or JSON may
// contain them.
func TestEchoedCredentials(t *testing.T) {
	for name, echo := range echoes {
		t.Run(name, func(t *testing.T) {
			for _, p := range plantedAuths() {
				srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					if !respondToken(w, r) {
						echo(p, w)
					}
				}))
				t.Cleanup(srv.Close)
				forEachOperation(t, func(t *testing.T, op operation) { searchCall(t, p, srv.URL, op) })
			}
		})
	}
}

// searchCall makes a call that fails, and searches its results for credentials.
func searchCall(t *testing.T, p planted, url string, op operation) {
	t.Helper()
	logged := &logBuffer{}
	var seen []any
	c := newClient(t, p.auth, url, promptly, client.WithLogger(logged.logger()),
		client.WithCallHook(func(_ context.Context, call client.Call) { seen = append(seen, call, call.Err) }),
		client.WithDeprecationHook(func(d client.Deprecation) { seen = append(seen, d) }))
	err := op.call(t.Context(), c)
	if err == nil {
		t.Fatal("want an error")
	}
	texts := append(everyText(err), logged.String())
	for _, v := range seen {
		texts = append(texts, everyText(v)...)
	}
	p.search(t, texts)
}

// TestShortCredentials checks the length from which a credential is masked. A shorter one could
// be a part of any word.
func TestShortCredentials(t *testing.T) {
	for token, want := range map[string]string{"short": "a short word", "sixsix": "a [redacted] word"} {
		srv := httptest.NewServer(respond(http.StatusBadRequest, plainJSON, `{"detail":"a `+token+` word"}`))
		_, err := newClient(t, client.AccessToken(token), srv.URL).Get(t.Context(), project, bucket)
		srv.Close()
		var e *client.Error
		if !errors.As(err, &e) || e.Detail != want {
			t.Errorf("%s: got %v, want the detail %q", token, err, want)
		}
	}
}

// TestTokenEndpointBodies uses a token endpoint that sends a token in every unusual way.
// The body must not be kept, and no text may contain the token.
func TestTokenEndpointBodies(t *testing.T) {
	token := `"access_token":"` + plantedToken + `"`
	bodies := map[string]func(w http.ResponseWriter){
		"201":                        func(w http.ResponseWriter) { raw(w, 201, plainJSON, `{`+token+`}`) },
		"203":                        func(w http.ResponseWriter) { raw(w, 203, plainJSON, `{`+token+`}`) },
		"300":                        func(w http.ResponseWriter) { raw(w, 300, plainJSON, `{"choices":[]}`) },
		"another type":               func(w http.ResponseWriter) { raw(w, 200, plainJSON, `{`+token+`,"token_type":"mac"}`) },
		"the token as its type":      func(w http.ResponseWriter) { raw(w, 200, plainJSON, `{`+token+`,"token_type":"`+plantedToken+`"}`) },
		"an error next to the token": func(w http.ResponseWriter) { raw(w, 200, plainJSON, `{`+token+`,"error":"odd `+plantedToken+`"}`) },
		"not JSON":                   func(w http.ResponseWriter) { raw(w, 200, plainJSON, `{`+token+`,}`) },
		"a form": func(w http.ResponseWriter) {
			raw(w, 200, "application/x-www-form-urlencoded", `access_token=`+url.QueryEscape(plantedToken))
		},
		"another name": func(w http.ResponseWriter) { raw(w, 200, plainJSON, `{"token":"`+plantedToken+`"}`) },
		"a wrong life": func(w http.ResponseWriter) { raw(w, 200, plainJSON, `{`+token+`,"expires_in":"soon"}`) },
		"too long": func(w http.ResponseWriter) {
			raw(w, 200, plainJSON, `{`+token+`,"x":"`+strings.Repeat("x", 70_000)+`"}`)
		},
		"an error that contains the token": func(w http.ResponseWriter) {
			raw(w, 400, plainJSON, `{`+token+`,"error":"invalid_request","error_description":"`+plantedToken+`"}`)
		},
		"an error that contains the secret": func(w http.ResponseWriter) {
			raw(w, 401, plainJSON, `{"error":"invalid_client","error_description":"`+plantedSecret+" "+base64.StdEncoding.EncodeToString([]byte("id:"+url.QueryEscape(plantedSecret)))+`"}`)
		},
		"cut off": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			raw(w, 200, plainJSON, `{`+token+`,"scope":`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
		"incomplete within the token": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			raw(w, 200, plainJSON, `{"access_token":"`+plantedToken[:20])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { body(w) }))
			defer srv.Close()
			logged := &logBuffer{}
			var hooked client.Call
			c := newClient(t, client.ServiceAccount("id", plantedSecret), srv.URL, promptly, client.WithLogger(logged.logger()),
				client.WithCallHook(func(_ context.Context, call client.Call) { hooked = call }))
			_, err := c.Get(t.Context(), project, bucket)
			var e *client.Error
			if !errors.As(err, &e) || e.Path != "/api/oauth/token" || e.StatusCode == 0 {
				t.Fatalf("got %v, want an *Error of the token endpoint with its status", err)
			}
			if kept := name == "300" || name == "an error that contains the secret"; (e.Body != nil) != kept {
				t.Errorf("the body is %q, want one: %t", e.Body, kept)
			}
			texts := append(append(everyText(err), everyText(hooked)...), logged.String())
			plantedAuths()[1].search(t, texts)
			if strings.Contains(strings.Join(texts, ""), plantedToken[:20]) {
				t.Errorf("a part of the token is in one of\n%s", strings.Join(texts, "\n"))
			}
		})
	}
}

// TestRevokeErrorIsMasked checks that the error of Close does not contain the credentials, even
// if the server repeats them.
func TestRevokeErrorIsMasked(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if respondToken(w, r) {
			return
		}
		if strings.HasSuffix(r.URL.Path, "/oauth/revoke") {
			raw(w, http.StatusBadRequest, plainJSON, `{"error":"invalid_request","error_description":"`+plantedToken+` of `+plantedSecret+`"}`)
			return
		}
		write(w, http.StatusOK, oneBucket)
	}))
	defer srv.Close()
	c := newClient(t, client.ServiceAccount("id", plantedSecret), srv.URL, once)
	if _, err := c.Get(t.Context(), project, bucket); err != nil {
		t.Fatal(err)
	}
	err := c.Close(t.Context())
	var e *client.Error
	if !errors.As(err, &e) || e.StatusCode != http.StatusBadRequest || !strings.Contains(err.Error(), "invalid_request") {
		t.Fatalf("got %v, want an *Error with the status and the code", err)
	}
	plantedAuths()[1].search(t, everyText(err))
}

// TestTokenEndpointOnce checks that a token endpoint is asked only once if it would send
// the same response again.
func TestTokenEndpointOnce(t *testing.T) {
	for name, respondWith := range map[string]http.HandlerFunc{
		"a redirect": respondRedirect("/elsewhere"), "not JSON": respond(200, "text/html", portalPage), "no token": respond(200, plainJSON, "{}"), "a refusal": respond(401, plainJSON, "{}"),
	} {
		var n counter
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.next(); respondWith(w, r) }))
		c := newClient(t, client.ServiceAccount("id", plantedSecret), srv.URL, promptly)
		if _, err := c.Get(t.Context(), project, bucket); err == nil || n.count() != 1 {
			t.Errorf("%s: %d requests and %v, want 1 and an error", name, n.count(), err)
		}
		srv.Close()
	}
}

// TestMaskedCauseStillMatches checks that errors.Is and errors.As still work for an error
// whose text contained a credential.
func TestMaskedCauseStillMatches(t *testing.T) {
	sealed := errors.New("the vault is sealed")
	source := failingSource{fmt.Errorf("reading with %s: %w", plantedToken, sealed)}
	c := newClient(t, client.Tokens(&firstToken{plantedToken, source}), client.DefaultBaseURL, once, client.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			w.WriteHeader(http.StatusUnauthorized)
			return w.Result(), nil
		}),
	}))
	_, err := c.Get(t.Context(), project, bucket)
	if !errors.Is(err, sealed) {
		t.Errorf("got %v, want the source's error", err)
	}
	plantedAuths()[3].search(t, everyText(err))
}

// firstToken is a source that returns one token, and then the tokens of another source.
type firstToken struct {
	token string
	then  client.TokenSource
}

func (f *firstToken) Token(ctx context.Context) (*oauth2.Token, error) {
	if token := f.token; token != "" {
		f.token = ""
		return &oauth2.Token{AccessToken: token}, nil
	}
	return f.then.Token(ctx)
}
