package contract

import (
	"mime"
	"regexp"
	"strconv"
	"strings"
)

// MediaType is a media type without its parameters, in lower case, as RFC 9110
// §8.3.1 compares them. "" is none or an unreadable one.
func MediaType(header string) string {
	name, _, _ := strings.Cut(header, ";")
	name = strings.ToLower(strings.TrimSpace(name))
	if kind, sub, ok := strings.Cut(name, "/"); !ok || kind == "" || sub == "" {
		return ""
	}
	return name
}

// vendor is Atlas's versioned media type: a date, or a name such as preview, in
// front of the syntax.
var vendor = regexp.MustCompile(`^application/vnd\.atlas\.([^+;\s]+)\+([a-z0-9]+)$`)

// Version gives the resource version that a media type names, "" for none.
func Version(mediaType string) string {
	if m := vendor.FindStringSubmatch(mediaType); m != nil {
		return m[1]
	}
	return ""
}

// IsJSON tells whether a media type is JSON by RFC 6839: application/json or +json.
func IsJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// asked gives the version that an Accept header asks for: of the versioned media
// types that it lists the one with the highest weight (RFC 9110 §12.5.1), and of
// equals the first.
func asked(accept []string) string {
	best, weight := "", 0.0
	for _, header := range accept {
		for item := range strings.SplitSeq(header, ",") {
			version := Version(MediaType(item))
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

// Snap gives the newest of versions, sorted from old to new, that is not later than
// the date asked for, as Atlas chooses; "" where all are later. A version that is no
// date, such as preview, must be there by its name.
func Snap(versions []string, asked string) string {
	best := ""
	for _, v := range versions {
		if v == asked || (isDate(asked) && isDate(v) && v <= asked) {
			best = v
		}
	}
	return best
}

var datePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

func isDate(version string) bool { return len(version) == 10 && datePattern.MatchString(version) }
