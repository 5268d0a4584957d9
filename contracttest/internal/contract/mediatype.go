package contract

import (
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// MediaType returns a media type without its parameters and in lower case, for comparison
// (RFC 9110 §8.3.1). It returns "" for a missing or invalid one.
func MediaType(header string) string {
	name, _, _ := strings.Cut(header, ";")
	name = strings.ToLower(strings.TrimSpace(name))
	if kind, sub, ok := strings.Cut(name, "/"); !ok || kind == "" || sub == "" {
		return ""
	}
	return name
}

// takesJSON reports whether a declared media type, which may be a range such as */*,
// includes JSON.
func takesJSON(declared string) bool {
	return IsJSON(declared) || matches(declared, "application/json")
}

// matches reports whether a media type equals the declared one or is in the declared range
// (RFC 9110 §12.5.1).
func matches(declared, mediaType string) bool {
	if declared == mediaType || declared == "*/*" {
		return true
	}
	kind, found := strings.CutSuffix(declared, "/*")
	return found && strings.HasPrefix(mediaType, kind+"/")
}

// IsJSON reports whether a media type is JSON (RFC 6839): application/json or +json.
func IsJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// asked returns the version that an Accept header requests: the version of the media type
// with the highest weight (RFC 9110 §12.5.1), or of the first one if several have the same
// weight.
func asked(accept []string) string {
	best, weight := "", 0.0
	for _, header := range accept {
		for item := range strings.SplitSeq(header, ",") {
			version := oas.MediaTypeVersion(MediaType(item))
			if version == "" {
				continue
			}
			if q := quality(item); q > weight {
				best, weight = version, q
			}
		}
	}
	return best
}

func quality(item string) float64 {
	if !strings.Contains(item, ";") {
		return 1
	}
	_, parameters, err := mime.ParseMediaType(item)
	if err != nil || parameters["q"] == "" {
		return 1
	}
	q, err := strconv.ParseFloat(parameters["q"], 64)
	if err != nil {
		return 1
	}
	return q
}

// Snap returns the newest of versions that is not later than the requested date, as Atlas
// selects it; "" if all are later. A version that is not a date, such as preview, must be in
// versions by its name.
func Snap(versions []string, asked string) string {
	version, _ := oas.SnapDown(versions, asked)
	if !slices.Contains(versions, version) {
		return ""
	}
	return version
}
