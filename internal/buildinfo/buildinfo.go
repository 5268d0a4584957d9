// Package buildinfo returns the version of this module with which a program was built.
package buildinfo

import "runtime/debug"

// module is the path of this module.
const module = "github.com/atlas-exportbuckets/exportbuckets"

// Version returns the version of this module in the running program: a release, "(devel)"
// with the commit for a build of a checkout, or "(unknown)".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return versionIn(info)
}

func versionIn(info *debug.BuildInfo) string {
	if info.Main.Path != module {
		return dependency(info)
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v == "(devel)" {
			v += " " + s.Value
		}
	}
	return v
}

// dependency returns the version that another module requires.
func dependency(info *debug.BuildInfo) string {
	for _, d := range info.Deps {
		if d.Path != module {
			continue
		}
		if d.Replace != nil {
			d = d.Replace
		}
		if d.Version == "" {
			return "(devel)"
		}
		return d.Version
	}
	return "(unknown)"
}
