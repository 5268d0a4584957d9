package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestReconcile checks the plan, its result, that a second run changes nothing, and -prune.
func TestReconcile(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(2))
	setenv(t, srv)
	steps := []struct {
		flags []string
		want  string // the last line of the output
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
		if !strings.HasSuffix(out.String(), step.want+"\n") || len(srv.Buckets(srv.ProjectID)) != step.after {
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
		`{}`: "cannot unmarshal object",
		`[{"cloudProvider":"GCP","bucketName":"snapshots","roleid":"x"}]`: "target 1: exportbuckets: reading a target: a bucket on GCP has no field roleid",
	} {
		file := filepath.Join(t.TempDir(), "buckets.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := run(t.Context(), []string{"-apply", srv.ProjectID, file}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func setenv(t *testing.T, srv *fakeatlas.Server) {
	t.Setenv("MONGODB_ATLAS_BASE_URL", srv.URL)
	t.Setenv("MONGODB_ATLAS_CLIENT_ID", srv.ClientID)
	t.Setenv("MONGODB_ATLAS_CLIENT_SECRET", srv.ClientSecret)
}
