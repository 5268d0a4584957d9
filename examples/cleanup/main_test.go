package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

const (
	old   = "600000000000000000000001" // added in January 2021
	inUse = "600000000000000000000002"
	other = "600000000000000000000003"
)

// atlas is a project with two old buckets that match, one of them in use, an old one
// that does not match, and a new one that does.
func atlas(t *testing.T) *fakeatlas.Server {
	srv := fakeatlas.New(t, fakeatlas.Project("b0123456789abcdef012345b",
		fakeatlas.Bucket{ID: old, BucketName: "ci-old"},
		fakeatlas.Bucket{ID: inUse, BucketName: "ci-used", InUse: true},
		fakeatlas.Bucket{ID: other, BucketName: "snapshots"},
		fakeatlas.Bucket{ID: fmt.Sprintf("%08x0000000000000004", time.Now().Unix()), BucketName: "ci-new"},
	))
	t.Setenv("MONGODB_ATLAS_BASE_URL", srv.URL)
	t.Setenv("MONGODB_ATLAS_CLIENT_ID", srv.ClientID)
	t.Setenv("MONGODB_ATLAS_CLIENT_SECRET", srv.ClientSecret)
	return srv
}

func TestCleanup(t *testing.T) {
	const project = "b0123456789abcdef012345b"
	srv := atlas(t)
	for _, test := range []struct {
		args []string
		want []string // parts of the printed lines
		left int
	}{
		{[]string{"-prefix", "ci-", project}, []string{old + " ci-old of 2021-01-14: would be deleted", inUse + " ci-used of 2021-01-14: would be deleted"}, 4},
		{[]string{"-delete", "-prefix", "ci-", project}, []string{old + " ci-old of 2021-01-14: deleted", inUse + " ci-used of 2021-01-14: kept: a cluster exports to it"}, 3},
		{[]string{"-delete", "-prefix", "ci-", "-older-than", time.Since(time.Unix(0, 0)).String(), project}, nil, 3},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), test.args, &out); err != nil {
			t.Fatal(err)
		}
		for _, line := range test.want {
			if !strings.Contains(out.String(), line) {
				t.Errorf("%q: printed\n%swant %q", test.args, &out, line)
			}
		}
		if lines := strings.Count(out.String(), "\n"); lines != len(test.want) || len(srv.Buckets(project)) != test.left {
			t.Errorf("%q: %d lines and %d buckets left, want %d and %d", test.args, lines, len(srv.Buckets(project)), len(test.want), test.left)
		}
	}
}

// TestCleanupGoesOn checks that a failure in one project does not stop the cleanup of the
// others.
func TestCleanupGoesOn(t *testing.T) {
	srv := atlas(t)
	var out bytes.Buffer
	err := run(t.Context(), []string{"-delete", "-prefix", "ci-", "ffffffffffffffffffffffff", "b0123456789abcdef012345b"}, &out)
	if err == nil || !strings.Contains(err.Error(), "project ffffffffffffffffffffffff") || len(srv.Buckets("b0123456789abcdef012345b")) != 3 {
		t.Errorf("got %v and\n%s", err, &out)
	}
}
