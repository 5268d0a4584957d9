package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestReconcile checks the plan, its result, that a second run changes nothing, and -prune.
func TestReconcile(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(2))
	setenv(t, srv)
	steps := []struct {
		flags []string
		want  string // the last line of the plan
		after int    // buckets
	}{
		{nil, "3 to add, 0 to delete", 2},
		{[]string{"-apply"}, "3 to add, 0 to delete", 5},
		{[]string{"-apply"}, "0 to add, 0 to delete", 5},
		{[]string{"-prune"}, "0 to add, 2 to delete", 5},
		{[]string{"-apply", "-prune"}, "0 to add, 2 to delete", 3},
		{[]string{"-apply", "-prune"}, "0 to add, 0 to delete", 3},
	}
	for _, step := range steps {
		var out bytes.Buffer
		if err := run(t.Context(), append(step.flags, srv.ProjectID, "buckets.json"), &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "\n"+step.want+"\n") && !strings.HasPrefix(out.String(), step.want+"\n") || len(srv.Buckets(srv.ProjectID)) != step.after {
			t.Errorf("%q: %d buckets, want %d, and printed\n%swant %s", step.flags, len(srv.Buckets(srv.ProjectID)), step.after, &out, step.want)
		}
	}
}

// TestReconcileRefuses checks that a mistake in the file is reported with its place, before
// any request.
func TestReconcileRefuses(t *testing.T) {
	srv := fakeatlas.New(t)
	setenv(t, srv)
	for text, want := range map[string]string{
		`{}`:   "cannot unmarshal object",
		`null`: "it contains null; it must contain an array",
		`[{"cloudProvider":"GCP","bucketName":"snapshots","roleid":"x"}]`: "target 1: exportbuckets: reading a target: a bucket on GCP has no field roleid",
	} {
		file := filepath.Join(t.TempDir(), "buckets.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := run(t.Context(), []string{"-apply", "-prune", srv.ProjectID, file}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// TestReconcileTwice checks that a bucket that is listed twice, because it moved to another
// page, is not deleted as its own duplicate.
func TestReconcileTwice(t *testing.T) {
	const bucket = `{"_id":"600000000000000000000001","cloudProvider":"GCP","bucketName":"snapshots","roleId":"0123456789abcdef01234569"}`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.atlas.2024-05-30+json")
		_, _ = io.WriteString(w, `{"results":[`+bucket+","+bucket+`],"totalCount":2}`)
	}))
	t.Cleanup(srv.Close)
	c, err := client.New(client.AccessToken("token"), client.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	target := client.GCP{BucketName: "snapshots", RoleID: "0123456789abcdef01234569"}
	p, err := makePlan(t.Context(), c, "b0123456789abcdef012345b", []client.Target{target})
	if err != nil || len(p.add) != 0 || len(p.remove) != 0 {
		t.Errorf("got %+v, %v, want no changes", p, err)
	}
}

// TestReconcileFails checks that nothing is deleted if a bucket cannot be added, and that a
// bucket that cannot be deleted does not stop the others.
func TestReconcileFails(t *testing.T) {
	for _, test := range []struct {
		fault fakeatlas.Fault
		want  string
		after int // buckets
	}{
		{fakeatlas.Status(403).On(fakeatlas.OpCreate).After(1), "with 1 more to add and 2 to delete", 3},
		{fakeatlas.Status(500).On(fakeatlas.OpDelete).Times(1), "bucket ", 4},
	} {
		srv := fakeatlas.New(t, fakeatlas.Buckets(2), fakeatlas.Inject(test.fault))
		setenv(t, srv)
		var out bytes.Buffer
		err := run(t.Context(), []string{"-apply", "-prune", srv.ProjectID, "buckets.json"}, &out)
		if err == nil || !strings.Contains(err.Error(), test.want) || len(srv.Buckets(srv.ProjectID)) != test.after {
			t.Errorf("got %v, %d buckets, want %q, %d, and printed\n%s", err, len(srv.Buckets(srv.ProjectID)), test.want, test.after, &out)
		}
	}
}

// TestUsage checks that wrong arguments and a request for help are not reported as failures.
func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"a"}, {"a", "b", "c"}, {"-x"}} {
		if err := run(t.Context(), args, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("%q: got %v, want errUsage", args, err)
		}
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: got %v, want flag.ErrHelp", err)
	}
}

func setenv(t *testing.T, srv *fakeatlas.Server) {
	t.Helper()
	for _, pair := range os.Environ() { // only the credentials of the fake are used
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "MONGODB_ATLAS_") || strings.HasPrefix(name, "MCLI_") {
			t.Setenv(name, "")
		}
	}
	t.Setenv("MONGODB_ATLAS_BASE_URL", srv.URL)
	t.Setenv("MONGODB_ATLAS_CLIENT_ID", srv.ClientID)
	t.Setenv("MONGODB_ATLAS_CLIENT_SECRET", srv.ClientSecret)
}
