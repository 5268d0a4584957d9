package fakeatlas

import (
	"mime"
	"slices"
	"strings"
	"time"
)

const (
	plainJSON     = "application/json"
	vendorPrefix  = "application/vnd.atlas."
	vendorSuffix  = "+json"
	charset       = ";charset=utf-8"
	versionLegacy = "v1.0"
	version2023   = "2023-01-01"
	version2024   = "2024-05-30"
)

// resourceVersions lists the versions that an operation has, oldest first. The
// versions of v1.0 are in its path.
var resourceVersions = map[Operation][]string{
	OpList:   {version2023, version2024},
	OpCreate: {version2023, version2024},
	OpGet:    {version2023, version2024},
	OpUpdate: {version2024},
	OpDelete: {version2023},

	OpListProjects: {version2023}, OpGetProject: {version2023},
	OpListClusters: {version2023, "2023-02-01", "2024-08-05"}, OpGetCluster: {version2023, "2023-02-01", "2024-08-05"},
	OpListOrganizations: {version2023}, OpGetOrganization: {version2023},
}

// A version is deprecated from the day of the next version until its sunset. Atlas writes
// days without a leading zero, so net/http.ParseTime refuses the dates.
const (
	deprecated2023 = "Thu, 30 May 2024 00:00:00 GMT"
	sunset2023     = "Thu, 1 Jul 2027 00:00:00 GMT"
)

// isDeprecated reports whether an operation's version is deprecated. Delete has no newer
// version and is not deprecated; related operations never are in the fake.
func isDeprecated(op Operation, version string) bool {
	return version == version2023 && op != OpDelete && !op.isRelated()
}

// negotiate returns the version that an Accept header requests: the operation's newest
// version that is not later than the date in the header. ok is false if the header has no
// valid date, as in plain application/json.
func negotiate(accept []string, op Operation) (version string, ok bool) {
	for _, header := range accept {
		for part := range strings.SplitSeq(header, ",") {
			if date, ok := vendorDate(part); ok {
				return snap(date, op)
			}
		}
	}
	return "", false
}

// vendorDate returns the date in application/vnd.atlas.DATE+json.
func vendorDate(mediaType string) (date string, ok bool) {
	name, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return "", false
	}
	date, ok = strings.CutPrefix(name, vendorPrefix)
	if !ok {
		return "", false
	}
	date, ok = strings.CutSuffix(date, vendorSuffix)
	if !ok {
		return "", false
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return "", false
	}
	return date, true
}

// snap returns the newest version of the operation that is not later than a date.
func snap(date string, op Operation) (version string, ok bool) {
	for _, v := range slices.Backward(resourceVersions[op]) {
		if v <= date {
			return v, true
		}
	}
	return "", false
}

// mediaTypeOf returns the Content-Type of responses in a version. For v1.0 it is documented
// without a charset.
func mediaTypeOf(version string) string {
	if version == versionLegacy {
		return plainJSON
	}
	return vendorPrefix + version + vendorSuffix + charset
}

// shows reports whether a version can show a bucket of that provider.
func shows(version string, b *Bucket) bool {
	return version == version2024 || b.Provider == AWS
}
