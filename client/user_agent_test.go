package client

import (
	"runtime/debug"
	"testing"
)

// TestUserAgentFor checks the client's part of the User-Agent: it has the version of the
// module that a program requires.
func TestUserAgentFor(t *testing.T) {
	const module = "github.com/atlas-exportbuckets/exportbuckets"
	tests := []struct {
		program *debug.BuildInfo
		want    string
	}{
		{nil, "exportbuckets"},
		{&debug.BuildInfo{}, "exportbuckets"},
		{&debug.BuildInfo{Main: debug.Module{Path: module, Version: "v1.2.3"}}, "exportbuckets"},
		{&debug.BuildInfo{Deps: []*debug.Module{{Path: "example.com/other", Version: "v9.0.0"}, {Path: module, Version: "v1.2.3"}}}, "exportbuckets/1.2.3"},
		{&debug.BuildInfo{Deps: []*debug.Module{{Path: module + "/v2", Version: "v2.0.0"}}}, "exportbuckets"},
	}
	for _, test := range tests {
		if got := userAgentFor(test.program); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.program, got, test.want)
		}
	}
}
