package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

const inUse = "600000000000000000000002"

// TestRotate moves twenty projects at once although some requests fail, and checks that a
// second run changes nothing.
func TestRotate(t *testing.T) {
	const n = 20
	var projects []string
	var options []fakeatlas.Option
	for i := range n {
		project := fmt.Sprintf("b0123456789abcdef01234%02d", i)
		projects = append(projects, project)
		options = append(options, fakeatlas.Project(project,
			fakeatlas.Bucket{ID: fmt.Sprintf("60000000000000000001%04d", i), BucketName: "old"},
			fakeatlas.Bucket{ID: fmt.Sprintf("60000000000000000002%04d", i), BucketName: "old", Provider: fakeatlas.GCP},
			fakeatlas.Bucket{ID: fmt.Sprintf("60000000000000000003%04d", i), BucketName: "other"},
		))
	}
	options = append(options, fakeatlas.Inject(fakeatlas.RateLimited(time.Second).On(fakeatlas.OpCreate).Times(3)))
	srv := fakeatlas.New(t, options...)
	setenv(t, srv)
	var out bytes.Buffer
	if err := run(t.Context(), append([]string{"-apply", "-workers", "8", "old", "new"}, projects...), &out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), " became "); lines != 2*n {
		t.Errorf("printed %d lines, want %d:\n%s", lines, 2*n, &out)
	}
	for _, project := range projects {
		names := map[string]int{}
		for _, b := range srv.Buckets(project) {
			names[b.BucketName]++
		}
		if names["new"] != 2 || names["other"] != 1 || names["old"] != 0 {
			t.Errorf("%s has %v", project, names)
		}
	}
	out.Reset()
	if err := run(t.Context(), append([]string{"-apply", "old", "new"}, projects...), &out); err != nil || out.Len() > 0 {
		t.Errorf("the second run: %v, and printed\n%s", err, &out)
	}
}

// TestRotateKeeps checks that a bucket in use and one on Azure are kept, and
// that the other projects are changed when one fails.
func TestRotateKeeps(t *testing.T) {
	const project = "b0123456789abcdef012345b"
	srv := fakeatlas.New(t, fakeatlas.Project(project,
		fakeatlas.Bucket{ID: inUse, BucketName: "old", InUse: true},
		fakeatlas.Bucket{ID: "600000000000000000000003", BucketName: "old", Provider: fakeatlas.Azure},
	))
	setenv(t, srv)
	for range 2 { // the second run adds no other twin
		var out bytes.Buffer
		err := run(t.Context(), []string{"-apply", "old", "new", "ffffffffffffffffffffffff", project, project}, &out)
		if err == nil || !strings.Contains(err.Error(), "project ffffffffffffffffffffffff") {
			t.Errorf("got %v, want the project that does not exist", err)
		}
		for _, want := range []string{inUse + " kept: a cluster exports to it", "600000000000000000000003 kept: a bucket on AZURE cannot be renamed"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("printed\n%swant %q", &out, want)
			}
		}
		if n := len(srv.Buckets(project)); n != 3 {
			t.Errorf("%d buckets, want 3", n)
		}
	}
}

// TestRotatePlan checks that nothing is changed without -apply.
func TestRotatePlan(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(2))
	setenv(t, srv)
	var out bytes.Buffer
	err := run(t.Context(), []string{"test-bucket", "new", srv.ProjectID}, &out)
	if err != nil || strings.Count(out.String(), " would be replaced by a bucket with the name new\n") != 2 {
		t.Errorf("%v, and printed\n%s", err, &out)
	}
	for _, r := range srv.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("sent %s %s", r.Method, r.Path)
		}
	}
}

// TestRotateGoesOn checks that a bucket that cannot be deleted does not stop the others, and
// that an interruption does.
func TestRotateGoesOn(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(5), fakeatlas.Inject(fakeatlas.Status(500).On(fakeatlas.OpDelete).Times(1)))
	setenv(t, srv)
	args := []string{"-apply", "test-bucket", "new", srv.ProjectID}
	var out bytes.Buffer
	if err := run(t.Context(), args, &out); err == nil || strings.Count(out.String(), " became ") != 4 {
		t.Errorf("%v, and printed\n%s", err, &out)
	}
	stopped, stop := context.WithCancelCause(t.Context())
	stop(errors.New("interrupted"))
	if err := run(stopped, args, &out); err == nil || !strings.Contains(err.Error(), "interrupted before 1 of 1 projects") {
		t.Errorf("got %v, want the interruption", err)
	}
}

// TestUsage checks that wrong arguments and a request for help are not reported as failures.
func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"a", "b"}, {"-x"}, {"-workers", "0", "a", "b", "b0123456789abcdef012345b"}, {"same", "same", "b0123456789abcdef012345b"}} {
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
	t.Setenv("MONGODB_ATLAS_PUBLIC_API_KEY", srv.PublicKey)
	t.Setenv("MONGODB_ATLAS_PRIVATE_API_KEY", srv.PrivateKey)
}
