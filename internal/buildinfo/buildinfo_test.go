package buildinfo

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	for name, tt := range map[string]struct {
		info debug.BuildInfo
		want string
	}{
		"the command, released": {debug.BuildInfo{Main: debug.Module{Path: module, Version: "v0.2.0"}}, "v0.2.0"},
		"the command, from a checkout": {debug.BuildInfo{
			Main: debug.Module{Path: module, Version: "(devel)"}, Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}},
		}, "(devel) abc"},
		"the command, without a version": {debug.BuildInfo{Main: debug.Module{Path: module}}, "(devel)"},
		"a dependent":                    {debug.BuildInfo{Main: debug.Module{Path: "example.com/x"}, Deps: []*debug.Module{{Path: "example.com/y", Version: "v1.0.0"}, {Path: module, Version: "v0.1.0"}}}, "v0.1.0"},
		"a dependent with a replacement": {debug.BuildInfo{Deps: []*debug.Module{{Path: module, Version: "v0.1.0", Replace: &debug.Module{Path: "../x"}}}}, "(devel)"},
		"another program":                {debug.BuildInfo{Main: debug.Module{Path: "example.com/x"}}, "(unknown)"},
	} {
		if got := versionIn(&tt.info); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if Version() == "" {
		t.Error("this test has no version")
	}
}
