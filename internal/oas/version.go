package oas

import (
	"regexp"
	"slices"
	"strings"
)

// Unversioned is the version of a document or an operation whose media types have none, such
// as those of the first generation of the Atlas API.
const Unversioned = "v1.0"

// vendorType matches Atlas's versioned media types; the version is a date, a date
// with a suffix, or a name such as preview.
var vendorType = regexp.MustCompile(`(?i)^application/vnd\.atlas\.([^+;\s]+)\+[a-z]+`)

var dated = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// IsDate reports whether a version is a date, YYYY-MM-DD, and can therefore be ordered.
func IsDate(version string) bool { return dated.MatchString(version) }

// MediaTypeVersion returns the resource version in a media type, or "" if it has none.
func MediaTypeVersion(mediaType string) string {
	if m := vendorType.FindStringSubmatch(mediaType); m != nil {
		return m[1]
	}
	return ""
}

// VersionsOf lists the resource versions of operations, the oldest first.
func VersionsOf(ops []*Operation) []string {
	var all []string
	for _, op := range ops {
		all = append(all, op.Versions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// neutralType returns a media type in lower case, without resource version and parameters.
func neutralType(mediaType string) string {
	base, _, _ := strings.Cut(mediaType, ";")
	base = strings.ToLower(strings.TrimSpace(base))
	if v := MediaTypeVersion(base); v != "" {
		base = strings.Replace(base, "."+v+"+", "+", 1)
	}
	return base
}

// hasVersion reports whether a media type belongs to a version: it has that version, or none.
func hasVersion(mediaType, version string) bool {
	v := MediaTypeVersion(mediaType)
	return v == "" || strings.EqualFold(v, version)
}

// SnapDown returns the newest of versions that is not later than the requested one, as
// Atlas does for an Accept header. A named version matches only itself. If versions is
// empty, the operation is the same in every version. ok is false if no version matches.
func SnapDown(versions []string, asked string) (version string, ok bool) {
	switch {
	case len(versions) == 0:
		return "", asked == Unversioned || IsDate(asked)
	case asked == Unversioned:
		return "", false
	case !IsDate(asked):
		return asked, slices.Contains(versions, asked)
	}
	for _, v := range versions {
		if IsDate(v) && v <= asked && v > version {
			version = v
		}
	}
	return version, version != ""
}
