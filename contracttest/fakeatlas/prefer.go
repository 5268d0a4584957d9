package fakeatlas

import (
	"net/http"
	"strings"
)

// preferred reads the faults that a request asks for itself, in the manner of
// Prism's Prefer header (RFC 7240):
//
//	Prefer: code=503
//	Prefer: latency=2s, field=color
//
// A preference is code=STATUS, or any fault that stands for one request, as
// [ParseFault] reads it. As the RFC wants, what is not understood is ignored; the
// answer tells in Preference-Applied what was.
func preferred(header http.Header) (faults []Fault, applied []string) {
	for _, line := range header["Prefer"] {
		for text := range strings.SplitSeq(line, ",") {
			text = strings.TrimSpace(text)
			name, value, _ := strings.Cut(text, "=")
			if name == "code" {
				name = string(kindStatus)
			}
			spelled := strings.ToLower(name)
			if value = strings.Trim(value, `"`); value != "" {
				spelled += "=" + value
			}
			if f, err := ParseFault(spelled); err == nil && len(faults) < maxPreferences {
				faults, applied = append(faults, f), append(applied, text)
			}
		}
	}
	return faults, applied
}

// maxPreferences bounds what one request may ask for.
const maxPreferences = 8
