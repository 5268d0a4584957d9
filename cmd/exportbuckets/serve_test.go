package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// lockedBuffer is the standard error of a command that runs during the test.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// served is a serve command that runs until stop is called.
type served struct {
	env    map[string]string // the output of the command
	stderr *lockedBuffer
	stop   func() error
}

// startServe runs the command and reads what it prints when it is ready.
func startServe(t *testing.T, args ...string) served {
	t.Helper()
	stderr := &lockedBuffer{}
	s := startServeLogging(t, stderr, args...)
	s.stderr = stderr
	return s
}

// startServeLogging is startServe with another standard error.
func startServeLogging(t *testing.T, stderr io.Writer, args ...string) served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	cmd := newServeCommand()
	cmd.SilenceUsage = true
	cmd.SetArgs(append([]string{"--addr", "127.0.0.1:0"}, args...))
	cmd.SetOut(in)
	cmd.SetErr(stderr)
	done := make(chan error, 1)
	go func() {
		err := cmd.ExecuteContext(ctx)
		_ = in.CloseWithError(err)
		done <- err
	}()
	s := served{env: map[string]string{}, stop: func() error { cancel(); return <-done }}
	lines := bufio.NewScanner(out)
	for len(s.env) < 6 && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), "=")
		s.env[name] = value
	}
	if len(s.env) < 6 {
		t.Fatalf("it printed %v; %v", s.env, lines.Err())
	}
	return s
}

// challenge sends a request without credentials.
func (s served) challenge(t *testing.T) {
	t.Helper()
	url := s.env["MONGODB_ATLAS_BASE_URL"] + "/api/atlas/v2/groups/" + s.env["MONGODB_ATLAS_PROJECT_ID"] + "/backup/exportBuckets"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := send(t, req); status != http.StatusUnauthorized {
		t.Fatalf("%d %s", status, body)
	}
}

// get sends a request to the fake with a token that the test requested itself, as a client
// in another language would.
func (s served) get(t *testing.T, path string) (int, string) {
	t.Helper()
	base := s.env["MONGODB_ATLAS_BASE_URL"]
	form := strings.NewReader("grant_type=client_credentials")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/oauth/token", form)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(s.env["MONGODB_ATLAS_CLIENT_ID"], s.env["MONGODB_ATLAS_CLIENT_SECRET"])
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, body := send(t, req)
	_, token, _ := strings.Cut(body, `"access_token":"`)
	token, _, _ = strings.Cut(token, `"`)
	req, err = http.NewRequestWithContext(t.Context(), http.MethodGet,
		base+"/api/atlas/v2/groups/"+s.env["MONGODB_ATLAS_PROJECT_ID"]+"/backup/exportBuckets"+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/vnd.atlas.2024-05-30+json")
	return send(t, req)
}

func send(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestServe(t *testing.T) {
	s := startServe(t, "--buckets", "3", "--providers", "aws,GCP", "--client-secret", "it's a test", "--fault", "status=503,on=list,times=1")
	s.env["MONGODB_ATLAS_CLIENT_SECRET"] = strings.NewReplacer(`'\''`, "'", "'", "").Replace(s.env["MONGODB_ATLAS_CLIENT_SECRET"])
	if s.env["MONGODB_ATLAS_CLIENT_SECRET"] != "it's a test" {
		t.Errorf("the secret was printed as %q", s.env["MONGODB_ATLAS_CLIENT_SECRET"])
	}
	if status, body := s.get(t, ""); status != 503 {
		t.Errorf("the first list: %d %s", status, body)
	}
	status, body := s.get(t, "")
	if status != 200 || !strings.Contains(body, `"totalCount":3`) || !strings.Contains(body, `"cloudProvider":"GCP"`) {
		t.Errorf("the second list: %d %s", status, body)
	}
	if err := s.stop(); err != nil {
		t.Errorf("interrupted: %v", err)
	}
	log := s.stderr.String()
	if strings.Count(log, "\n") != 4 || !strings.Contains(log, "operation=list") || !strings.Contains(log, "status=503") ||
		strings.Contains(log, "fakeatlas.") || strings.Contains(log, "it's a test") {
		t.Errorf("logged:\n%s", log)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(s.env["MONGODB_ATLAS_BASE_URL"], "http://")); err == nil {
		t.Error("the server still listens")
	}
}

func TestServeQuietly(t *testing.T) {
	s := startServe(t, "--quiet")
	s.get(t, "")
	if err := s.stop(); err != nil || s.stderr.String() != "" {
		t.Errorf("%v; logged %q", err, s.stderr)
	}
}

// The completions are exactly the values that the flags accept.
func TestCompletionsOfServe(t *testing.T) {
	for _, op := range faultOperations {
		if _, err := fakeatlas.ParseFault("latency=1s,on=" + string(op)); err != nil {
			t.Error(err)
		}
		if !strings.Contains(serveHelp(), string(op)) {
			t.Errorf("the help lacks the operation %s", op)
		}
	}
	_, err := fakeatlas.ParseFault("reset,nonsense=1")
	for _, key := range faultKeys {
		if err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(key, "=")) {
			t.Errorf("the key %s is not among the completions %v", key, err)
		}
	}
	for _, tt := range []struct {
		flag, typed string
		want        string
	}{
		{"--fault", "stat", "status="},
		{"--fault", "res", "reset reset-body"},
		{"--fault", "status=500,ti", "status=500,times="},
		{"--fault", "status=500,on=list-c", "status=500,on=list-clusters"},
		{"--providers", "aws,g", "aws,GCP"},
	} {
		var out bytes.Buffer
		root := newRootCommand()
		root.SetOut(&out)
		root.SetErr(io.Discard)
		root.SetArgs([]string{"__completeNoDesc", "serve", tt.flag, tt.typed})
		if err := root.Execute(); err != nil {
			t.Error(err)
		}
		words, _, _ := strings.Cut(out.String(), "\n:")
		if got := strings.Join(strings.Fields(words), " "); got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.flag, tt.typed, got, tt.want)
		}
	}
}

func TestServeRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--addr", taken.Addr().String()}, "cannot listen on \"" + taken.Addr().String() + "\""},
		{[]string{"--addr", "nowhere"}, `cannot listen on "nowhere"`},
		{[]string{"--addr", "127.0.0.1:99999"}, "invalid port"},
		{[]string{"--buckets", "-1"}, "--buckets -1: give a number from 0 to 1000000"},
		{[]string{"--buckets", "many"}, "--buckets \"many\": must be a whole number"},
		{[]string{"--project-id", "x"}, `--project-id "x": an id has 24 digits from 0-9 and a-f`},
		{[]string{"--fault", "explode"}, `--fault "explode": unknown kind "explode"; must be one of clock,`},
		{[]string{"--fault", "status=200"}, "the status must be from 400 to 599"},
		{[]string{"--providers", "IBM"}, `--providers: unknown provider "IBM"; must be AWS, AZURE or GCP`},
		{[]string{"extra"}, "serve takes only flags, no arguments"},
	} {
		cmd := newRootCommand()
		cmd.SetArgs(append([]string{"serve"}, tt.args...))
		if err := cmd.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %q", tt.args, err, tt.want)
		}
	}
}

// TestServeKeepsTheNewestRequests checks that the memory use of a long-running server is
// bounded.
func TestServeKeepsTheNewestRequests(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	for range keptRequests + 1 {
		s.challenge(t)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.env["MONGODB_ATLAS_BASE_URL"]+"/_fake/requests", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	_, body := send(t, req)
	var kept struct{ Requests []json.RawMessage }
	if err := json.Unmarshal([]byte(body), &kept); err != nil || len(kept.Requests) != keptRequests {
		t.Errorf("%d requests, %v; want %d", len(kept.Requests), err, keptRequests)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}
