package codegen

import (
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChildEnviron checks that the child process gets the variables that the go command
// needs, and no credentials.
func TestChildEnviron(t *testing.T) {
	got := childEnviron([]string{
		"HOME=/home/a", "PATH=/bin", "GOPROXY=https://proxy.example", "GOCACHE=/c",
		"MONGODB_ATLAS_PRIVATE_API_KEY=secret", "MCLI_PRIVATE_API_KEY=secret", "MONGODB_ATLAS_CLIENT_SECRET=secret",
		"AWS_SECRET_ACCESS_KEY=secret", "GITHUB_TOKEN=secret", "odd",
		"GOOS=plan9", "GOARCH=mips", "GOFLAGS=-mod=vendor -tags=x -modcacherw", "GOWORK=/w/go.work", "CGO_ENABLED=1", "GODEBUG=x=1",
	})
	slices.Sort(got)
	want := []string{
		"GO111MODULE=on", "GOARCH=" + runtime.GOARCH, "GOCACHE=/c", "GOFLAGS=-mod=readonly -modcacherw",
		"GOOS=" + runtime.GOOS, "GOPROXY=https://proxy.example", "GOWORK=off", "HOME=/home/a", "PATH=/bin",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
