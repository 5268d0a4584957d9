package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// The planted secrets. The key has characters that encodings change. The secret has only the
// characters of Atlas's secrets, which HTTP Basic does not change.
const (
	plantedKey    = "planted/key+with=marks&5ecret"
	plantedSecret = "mdb_sa_sk_planted-secret_of.an.account"
	plantedToken  = "planted.token-of_somebody~here"
)

// wayIn is a way to pass credentials to the command.
type wayIn struct {
	name  string
	env   map[string]string
	args  []string
	stdin string
}

// waysIn returns every way that needs no terminal. It writes credential files to the folder
// home.
func waysIn(t *testing.T, home string) []wayIn {
	t.Helper()
	key := map[string]string{"MONGODB_ATLAS_PUBLIC_API_KEY": fakeatlas.DefaultPublicKey, "MONGODB_ATLAS_PRIVATE_API_KEY": plantedKey}
	account := map[string]string{"MONGODB_ATLAS_CLIENT_ID": fakeatlas.DefaultClientID, "MONGODB_ATLAS_CLIENT_SECRET": plantedSecret}
	token := map[string]string{"MONGODB_ATLAS_ACCESS_TOKEN": plantedToken}
	var file strings.Builder
	for _, name := range slices.Sorted(maps.Keys(account)) {
		file.WriteString(name + "='" + account[name] + "'\n")
	}
	write := func(path, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(home, "account.env"), file.String())
	write(filepath.Join(home, "atlascli", "config.toml"), "[default]\npublic_api_key = '"+fakeatlas.DefaultPublicKey+"'\nprivate_api_key = '"+plantedKey+"'\n")
	return []wayIn{
		{name: "key", env: key},
		{name: "account", env: account},
		{name: "token", env: token},
		{name: "file", args: []string{"--credentials-file", filepath.Join(home, "account.env")}},
		{name: "stdin", args: []string{"--credentials-file", "-"}, stdin: file.String()},
		{name: "profile", env: map[string]string{"XDG_CONFIG_HOME": home}, args: []string{"--profile", "default"}},
	}
}

// everyCall returns calls of every bucket verb, each also with the flags that print or write
// more.
func everyCall(id string) [][]string {
	var calls [][]string
	for _, call := range [][]string{
		{"list"},
		{"get", id},
		{"create", "--provider", "aws", "--bucket-name", "snaps", "--role-id", id},
		{"update", id, "--require-private-networking"},
		{"delete", id, "--yes", "--if-exists"},
	} {
		with := func(more ...string) { calls = append(calls, append(slices.Clone(call), more...)) }
		with()
		with("--output", "json", "--verbose", "--record", "recorded")
		with("--envelope", "--pretty", "--verbose")
	}
	return append(calls,
		[]string{"list", "--project-id", "nonsense", "--verbose"},
		[]string{"list", "--base-url", "ftp://user:" + url.PathEscape(plantedKey) + "@127.0.0.1"},
		[]string{"__complete", "get", ""},
		[]string{"list", "--private-key", plantedKey},
		[]string{"list", "--client-secret=" + plantedSecret},
		[]string{"list", plantedToken},
	)
}

// For any credentials, call and response, neither the output nor a file of the command
// contains a secret in any encoding.
func TestNoSecretIsPrintedOrWritten(t *testing.T) {
	for i := range waysIn(t, t.TempDir()) {
		srv := fakeatlas.New(t, fakeatlas.APIKey(fakeatlas.DefaultPublicKey, plantedKey), fakeatlas.Buckets(2),
			fakeatlas.ServiceAccount(fakeatlas.DefaultClientID, plantedSecret), fakeatlas.TokenLimits(1000, 1000))
		echo := httptest.NewServer(http.HandlerFunc(echoSecrets))
		t.Cleanup(echo.Close)
		way := waysIn(t, t.TempDir())[i]
		t.Run(way.name, func(t *testing.T) {
			for _, base := range []string{srv.URL, echo.URL} {
				for _, call := range everyCall(srv.Buckets(srv.ProjectID)[0].ID) {
					searchRun(t, srv, base, way, call)
				}
			}
		})
	}
}

// echoSecrets is a server, or a proxy in front of one, that first asks for
// Digest and then repeats in its error responses what it received.
func echoSecrets(w http.ResponseWriter, r *http.Request) {
	sent := r.Header.Get("Authorization")
	w.Header().Set("Content-Type", "application/json")
	switch {
	case sent == "":
		w.Header().Set("WWW-Authenticate", `Digest realm="MMS Public API", domain="", nonce="bm9uY2U=", algorithm=MD5, qop="auth", stale=false`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	case strings.HasSuffix(r.URL.Path, "/oauth/token"):
		_, _ = io.WriteString(w, `{"access_token": "`+plantedToken+`", "token_type": "Bearer", "expires_in": 3600}`)
		return
	case strings.HasPrefix(sent, "Digest"):
		sent += " " + url.QueryEscape(plantedKey) + " " + base64.StdEncoding.EncodeToString([]byte(plantedKey))
	}
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"error": 400, "errorCode": "ECHO", "detail": "you sent " + sent, "parameters": []string{sent},
		"badRequestDetail": map[string]any{"fields": []map[string]string{{"field": "authorization", "description": sent}}},
	})
}

// searchRun runs one call in a separate folder and searches its output and its files for
// secrets.
func searchRun(t *testing.T, srv *fakeatlas.Server, base string, way wayIn, call []string) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	env := map[string]string{
		"HOME": dir, "TMPDIR": dir, "XDG_CONFIG_HOME": dir, "MONGODB_ATLAS_BASE_URL": base, "MONGODB_ATLAS_PROJECT_ID": srv.ProjectID,
		"MONGODB_ATLAS_PUBLIC_API_KEY": "", "MONGODB_ATLAS_PRIVATE_API_KEY": "", "MONGODB_ATLAS_ACCESS_TOKEN": "",
		"MONGODB_ATLAS_CLIENT_ID": "", "MONGODB_ATLAS_CLIENT_SECRET": "",
	}
	maps.Copy(env, way.env)
	for name, value := range env {
		t.Setenv(name, value)
	}
	srv.Forget()
	var printed bytes.Buffer
	last := len(call) - 1
	if call[0] != "__complete" { // __complete completes its last argument
		last++
	}
	code := run(t.Context(), slices.Concat(call[:last], way.args, call[last:]), strings.NewReader(way.stdin), &printed, &printed)
	out := printed.Bytes()
	if len(call) == 1 && base == srv.URL && way.name != "token" && code != 0 { // the fake did not issue that token
		t.Errorf("%s: list failed:\n%s", way.name, out)
	}
	secrets := sentSecrets(srv)
	where := way.name + ": " + strings.Join(call, " ")
	search(t, where, out, secrets)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		search(t, where+": "+path, data, secrets)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sentSecrets returns the planted secrets and those created since the last run:
// tokens, and the responses to challenges.
func sentSecrets(srv *fakeatlas.Server) []string {
	secrets := []string{plantedKey, plantedSecret, plantedToken}
	for _, r := range srv.Requests() {
		scheme, sent, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if _, response, ok := strings.Cut(sent, `response="`); ok && scheme == "Digest" {
			sent, _, _ = strings.Cut(response, `"`)
		}
		if sent != "" {
			secrets = append(secrets, sent)
		}
	}
	return secrets
}

// sentDigestResponse matches the response that a key produces for a challenge.
var sentDigestResponse = regexp.MustCompile(`response=\\*"[0-9a-f]{32}`)

// search looks for the secrets in every encoding that a program could use.
func search(t *testing.T, where string, data []byte, secrets []string) {
	t.Helper()
	if sentDigestResponse.Match(data) {
		t.Errorf("%s\ncontains the response to a challenge:\n%s", where, data)
	}
	for _, secret := range secrets {
		for _, with := range []string{"", fakeatlas.DefaultPublicKey + ":", fakeatlas.DefaultClientID + ":"} {
			plain := []byte(with + secret)
			quoted, err := json.Marshal(string(plain))
			if err != nil {
				t.Fatal(err)
			}
			for spelling, text := range map[string]string{
				"plain": string(plain), "JSON": string(quoted[1 : len(quoted)-1]), "hex": hex.EncodeToString(plain),
				"query": url.QueryEscape(string(plain)), "path": url.PathEscape(string(plain)),
				"base64": base64.RawStdEncoding.EncodeToString(plain), "base64url": base64.RawURLEncoding.EncodeToString(plain),
			} {
				if bytes.Contains(data, []byte(text)) {
					t.Errorf("%s\nhas a secret (%s):\n%s", where, spelling, data)
					return
				}
			}
		}
	}
}

// The test checks that search finds secrets in every encoding.
func TestSearchFindsSecrets(t *testing.T) {
	for _, text := range []string{
		"x" + plantedKey + "x", `{"a": "planted/key+with=marks\u00265ecret"}`, url.QueryEscape(plantedSecret),
		base64.StdEncoding.EncodeToString([]byte(fakeatlas.DefaultClientID + ":" + plantedSecret)), hex.EncodeToString([]byte(plantedToken)),
	} {
		found := &testing.T{}
		search(found, "", []byte(text), []string{plantedKey, plantedSecret, plantedToken})
		if !found.Failed() {
			t.Errorf("nothing was found in %q", text)
		}
	}
}
