package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/icholy/digest"
)

// atlasOperation is an operation of Atlas other than those of export buckets.
type atlasOperation struct{ method, path string }

// twentyOperations are the calls of a team that runs clusters.
var twentyOperations = []atlasOperation{
	{"GET", "/groups"}, {"POST", "/groups"}, {"GET", "/groups/g"}, {"DELETE", "/groups/g"},
	{"GET", "/groups/g/clusters"}, {"POST", "/groups/g/clusters"}, {"GET", "/groups/g/clusters/c"}, {"PATCH", "/groups/g/clusters/c"}, {"DELETE", "/groups/g/clusters/c"},
	{"GET", "/groups/g/databaseUsers"}, {"POST", "/groups/g/databaseUsers"}, {"PATCH", "/groups/g/databaseUsers/admin/u"}, {"DELETE", "/groups/g/databaseUsers/admin/u"},
	{"POST", "/groups/g/accessList"}, {"DELETE", "/groups/g/accessList/a"}, {"PUT", "/groups/g/settings"},
	{"POST", "/groups/g/clusters/c/backup/exports"}, {"GET", "/groups/g/clusters/c/backup/exports"}, {"POST", "/groups/g/clusters/c/restartPrimaries"}, {"HEAD", "/groups/g"},
}

// storm is a server that limits rates, invalidates nonces and tokens, and fails at times.
// It counts the executed requests by the id of the call.
type storm struct {
	mu       sync.Mutex
	requests int
	nonce    int // the number of the valid nonce
	uses     int // of it
	token    int // the number of the valid token
	limited  map[string]bool
	broken   map[string]bool
	done     map[string]int
	refused  map[int]int // statuses
}

func newStorm() *storm {
	return &storm{limited: map[string]bool{}, broken: map[string]bool{}, done: map[string]int{}, refused: map[int]int{}}
}

func (s *storm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/api/oauth/token") {
		raw(w, 200, plainJSON, fmt.Sprintf(`{"access_token":"token-%d","token_type":"Bearer","expires_in":3600}`, s.token))
		return
	}
	s.requests++
	id := r.Header.Get("X-Call")
	switch {
	case !s.authorized(r):
		s.refuse(w, http.StatusUnauthorized)
	case !s.limited[id] && s.requests%2 == 0:
		s.limited[id] = true
		w.Header().Set("Retry-After", "0")
		s.refuse(w, http.StatusTooManyRequests)
	case r.Method != http.MethodPost && r.Method != http.MethodPatch && !s.broken[id] && s.requests%5 == 0:
		s.broken[id] = true
		s.refuse(w, http.StatusServiceUnavailable)
	default:
		if r.Method == http.MethodPost && string(body) != `{"id":"`+id+`"}` {
			s.refuse(w, http.StatusBadRequest)
			return
		}
		s.done[id]++
		raw(w, 200, "application/vnd.atlas.2025-03-12+json", `{}`)
	}
}

func (s *storm) refuse(w http.ResponseWriter, status int) {
	s.refused[status]++
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="n%d", qop="auth", algorithm=MD5, stale=true`, s.nonce))
	}
	raw(w, status, plainJSON, `{}`)
}

// authorized checks the credentials of a request. A nonce is valid for 40 uses, and a token
// for 700 requests.
func (s *storm) authorized(r *http.Request) bool {
	authorization := r.Header.Get("Authorization")
	if token, ok := strings.CutPrefix(authorization, "Bearer "); ok {
		if s.requests%700 == 0 {
			s.token++
		}
		return token == fmt.Sprintf("token-%d", s.token)
	}
	cred, err := digest.ParseCredentials(authorization)
	if err != nil || cred.Nonce != fmt.Sprintf("n%d", s.nonce) {
		return false
	}
	if s.uses++; s.uses%40 == 0 {
		s.nonce++
	}
	return true
}

// TestTwentyOperationsUnderFaults calls operations of all kinds through NewHTTPClient while
// Atlas limits rates and invalidates nonces and tokens. No call may be lost, and no change
// may be executed twice.
func TestTwentyOperationsUnderFaults(t *testing.T) {
	slowtest.Skip(t)
	const workers, calls = 8, 2000
	auths := map[string]client.Auth{"API key": client.APIKey("public", "private"), "service account": client.ServiceAccount("id", "secret")}
	for name, auth := range auths {
		t.Run(name, func(t *testing.T) {
			atlas := newStorm()
			srv := httptest.NewServer(atlas)
			defer srv.Close()
			hc, err := client.NewHTTPClient(auth, client.WithBaseURL(srv.URL), promptly)
			if err != nil {
				t.Fatal(err)
			}
			defer hc.CloseIdleConnections()
			var begun, lost atomic.Int64
			var all sync.WaitGroup
			for range workers {
				all.Go(func() {
					for n := begun.Add(1); n <= calls; n = begun.Add(1) {
						if err := callAtlas(t, hc, srv.URL, twentyOperations[n%20], strconv.FormatInt(n, 10)); err != nil {
							lost.Add(1)
							t.Log(err)
						}
					}
				})
			}
			all.Wait()
			t.Logf("%d calls, %d requests, refusals %v", calls, atlas.requests, atlas.refused)
			if lost.Load() != 0 || len(atlas.done) != calls {
				t.Errorf("lost %d of %d calls, %d were executed", lost.Load(), calls, len(atlas.done))
			}
			for id, times := range atlas.done {
				if times != 1 {
					t.Errorf("call %s was executed %d times", id, times)
				}
			}
			if atlas.refused[401] < 2 || atlas.refused[429] < calls/4 || atlas.refused[503] == 0 {
				t.Errorf("refusals %v are too few for this test", atlas.refused)
			}
		})
	}
}

// callAtlas makes a call as a generated client does.
func callAtlas(t *testing.T, hc *http.Client, base string, op atlasOperation, id string) error {
	var body io.Reader
	if op.method == http.MethodPost {
		data, err := json.Marshal(map[string]string{"id": id})
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(t.Context(), op.method, base+"/api/atlas/v2"+op.path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/vnd.atlas.2025-03-12+json")
	req.Header.Set("X-Call", id)
	res, err := hc.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return errors.New(op.method + " " + op.path + ": " + res.Status)
	}
	return nil
}
