package codegen

import (
	"runtime"
	"slices"
	"strings"
)

// inherited are the variables that the go command may need to find its caches and the
// module proxy, and that programs need to find their home and temporary folders. All others
// are omitted, in particular credentials for Atlas.
var inherited = []string{
	"PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
	"GOPATH", "GOCACHE", "GOMODCACHE", "GOENV", "GOROOT", "GOTMPDIR", "GOTOOLCHAIN", "GOTELEMETRY", "GOTELEMETRYDIR",
	"GOPROXY", "GONOPROXY", "GOPRIVATE", "GOSUMDB", "GONOSUMDB", "GOINSECURE", "GOVCS", "GOAUTH", "NETRC",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
	// Windows
	"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
}

// childEnviron returns the go command's environment, derived from the caller's. GOFLAGS,
// GOOS and GOARCH are set, not just removed, because `go env -w` may have set them too, and
// because the generator must run on this machine, regardless of the platform that the caller builds for.
func childEnviron(environ []string) []string {
	flags := "GOFLAGS=-mod=readonly"
	var child []string
	for _, assignment := range environ {
		name, value, _ := strings.Cut(assignment, "=")
		switch {
		case slices.ContainsFunc(inherited, func(known string) bool { return sameVariable(known, name) }):
			child = append(child, assignment)
		case name == "GOFLAGS" && slices.Contains(strings.Fields(value), "-modcacherw"):
			flags += " -modcacherw" // keep the caller's choice of how the module cache is written
		}
	}
	return append(child, flags, "GOWORK=off", "GO111MODULE=on", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
}

func sameVariable(known, name string) bool {
	if runtime.GOOS == "windows" {
		return strings.EqualFold(known, name)
	}
	return known == name
}
