package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
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
func atlas(t *testing.T, faults ...fakeatlas.Fault) *fakeatlas.Server {
	t.Helper()
	srv := fakeatlas.New(t, fakeatlas.Inject(faults...), fakeatlas.Project("b0123456789abcdef012345b",
		fakeatlas.Bucket{ID: old, BucketName: "ci-old"},
		fakeatlas.Bucket{ID: inUse, BucketName: "ci-used", InUse: true},
		fakeatlas.Bucket{ID: other, BucketName: "snapshots"},
		fakeatlas.Bucket{ID: fmt.Sprintf("%08x0000000000000004", time.Now().Unix()), BucketName: "ci-new"},
	))
	for _, pair := range os.Environ() { // only the credentials of the fake are used
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "MONGODB_ATLAS_") || strings.HasPrefix(name, "MCLI_") {
			t.Setenv(name, "")
		}
	}
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

// TestCleanupFails checks that a bucket that cannot be deleted is printed with the reason,
// does not stop the others, and makes the job fail.
func TestCleanupFails(t *testing.T) {
	const project = "b0123456789abcdef012345b"
	srv := atlas(t, fakeatlas.Status(500).On(fakeatlas.OpDelete).Bucket(old))
	var out bytes.Buffer
	err := run(t.Context(), []string{"-delete", "-prefix", "ci-", project, project}, &out)
	if err == nil || err.Error() != "project "+project+": 1 of 2 buckets failed" {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{old + " ci-old of 2021-01-14: failed: exportbuckets: DELETE ", inUse + " ci-used of 2021-01-14: kept"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("printed\n%swant %q", &out, want)
		}
	}
	if len(srv.Buckets(project)) != 4 {
		t.Errorf("%d buckets left", len(srv.Buckets(project)))
	}
}

// TestCleanupStops checks that an interruption ends the job before the next project.
func TestCleanupStops(t *testing.T) {
	atlas(t)
	stopped, stop := context.WithCancelCause(t.Context())
	stop(errors.New("interrupted"))
	if err := run(stopped, []string{"-delete", "-prefix", "ci-", "b0123456789abcdef012345b"}, io.Discard); err == nil || err.Error() != "interrupted" {
		t.Errorf("got %v, want the interruption", err)
	}
}

// TestUsage checks that wrong arguments and a request for help are not reported as failures.
func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"b0123456789abcdef012345b"}, {"-prefix", "x"}, {"-x"}, {"-older-than", "-1h", "-prefix", "x", "b0123456789abcdef012345b"}} {
		if err := run(t.Context(), args, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("%q: got %v, want errUsage", args, err)
		}
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: got %v, want flag.ErrHelp", err)
	}
}
