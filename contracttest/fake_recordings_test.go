package contracttest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
)

// ask is one request of a session, with the paths and types of its version: a method, the
// path below the project, the request body, and a fault that is injected before it.
type ask struct {
	method, path, body string
	fault              *fakeatlas.Fault
}

func faulty(f fakeatlas.Fault) *fakeatlas.Fault { f = f.Times(1); return &f }

const (
	awsBody   = `{"bucketName":"ledger-snapshots","cloudProvider":"AWS","iamRoleId":"7c41aa02be5d4f19a6033d71"`
	azureBody = `{"cloudProvider":"AZURE","roleId":"7c41aa02be5d4f19a6033d71","serviceUrl":"https://ledgeraccount.blob.core.windows.net/ledger"}`
	gcpBody   = `{"bucketName":"ledger-archive","cloudProvider":"GCP","roleId":"7c41aa02be5d4f19a6033d71"}`
	unknownID = "/0123456789abcdef01234567"
)

// oldSession has requests that every version supports. ID is replaced by the id of the last
// created bucket.
var oldSession = []ask{
	{"POST", "", awsBody + "}", nil},
	{"POST", "?pretty=true", awsBody + `,"requirePrivateNetworking":true}`, nil},
	{"GET", "/ID", "", nil},
	{"GET", "/ID?envelope=true", "", nil},
	{"GET", "?itemsPerPage=2&pageNum=1", "", nil},
	{"GET", "?itemsPerPage=2&pageNum=2&pretty=true", "", nil},
	{"GET", "?envelope=true&includeCount=false", "", nil},
	{"POST", "", `{"cloudProvider":"AWS"}`, nil},
	{"GET", unknownID, "", nil},
	{"GET", "", "", faulty(fakeatlas.Status(http.StatusForbidden))},
	{"GET", "", "", faulty(fakeatlas.Status(http.StatusInternalServerError))},
	{"DELETE", "/ID", "", nil},
	{"DELETE", "/ID", "", nil},
}

// newSession has requests that only 2024-05-30 supports.
var newSession = []ask{
	{"POST", "", azureBody, nil},
	{"GET", "/ID", "", nil},
	{"POST", "", gcpBody, nil},
	{"GET", "/ID", "", nil},
	{"POST", "", awsBody + "}", nil},
	{"PATCH", "/ID", `{"requirePrivateNetworking":true}`, nil},
	{"PATCH", "/ID", `{"requirePrivateNetworking":false}`, faulty(fakeatlas.RateLimited(7 * time.Second))},
	{"GET", "/ID", "", nil},
}

// With -update, TestFakeRecordings records testdata/fake again. Without -update, the files
// must exist; TestOwnRecordingsConform validates them.
func TestFakeRecordings(t *testing.T) {
	sessions := []struct {
		name, api, accept string
		asks              []ask
	}{
		{"v1.0", "v1.0", "application/json", oldSession},
		{"2023-01-01", "v2", "application/vnd.atlas.2023-01-01+json", oldSession},
		{"2024-05-30", "v2", "application/vnd.atlas.2024-05-30+json", append(newSession[:len(newSession):len(newSession)], oldSession...)},
		{"no-version", "v2", "application/json", []ask{{"GET", "", "", nil}}},
	}
	for _, s := range sessions {
		t.Run(s.name, func(t *testing.T) {
			file := filepath.Join("testdata", "fake", s.name+".yaml")
			if golden.Updating() {
				recordFake(t, s.name, s.api, s.accept, s.asks)
				mark(t, file)
			}
			if text, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(text), provenance) {
				t.Errorf("%s is missing, or does not contain its provenance: %v", file, err)
			}
		})
	}
}

const provenance = "# Recorded from this module's fakeatlas, not from Atlas. Provenance: see ../README.md.\n"

func mark(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = errors.Join(os.WriteFile(file, append([]byte(provenance), text...), 0o644), os.Chmod(file, 0o644))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// recordFake plays a session against a fake whose clock does not advance.
func recordFake(t *testing.T, name, api, accept string, asks []ask) {
	t.Helper()
	fake := fakeatlas.New(t, fakeatlas.Buckets(3), fakeatlas.Clock(func() time.Time {
		return time.Date(2026, 6, 2, 9, 14, 5, 0, time.UTC)
	}))
	rec, err := contracttest.NewRecorder(filepath.Join("testdata", "fake"), contracttest.RecorderOptions{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	token, err := fake.AccessToken()
	if err != nil {
		t.Fatal(err)
	}
	base := fmt.Sprintf("%s/api/atlas/%s/groups/%s/backup/exportBuckets", fake.URL, api, fake.ProjectID)
	id := ""
	for _, a := range asks {
		if a.fault != nil {
			fake.Inject(*a.fault)
		}
		req, err := http.NewRequestWithContext(t.Context(), a.method, base+strings.Replace(a.path, "ID", id, 1), strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", accept)
		req.Header.Set("Authorization", "Bearer "+token)
		if a.body != "" {
			req.Header.Set("Content-Type", accept)
		}
		if made := roundTrip(t, rec, req); a.method == http.MethodPost && made != "" {
			id = made
		}
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
}

// roundTrip returns the id in the response, "" for none.
func roundTrip(t *testing.T, rt http.RoundTripper, req *http.Request) string {
	t.Helper()
	resp, err := rt.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var made struct {
		ID string `json:"_id"`
	}
	if json.Unmarshal(text, &made) != nil {
		return "" // a response without a body
	}
	return made.ID
}
