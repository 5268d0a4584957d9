package fakeatlas

import (
	"net/http"
	"strings"
)

// preferred returns the faults that a request asks for in its Prefer header (RFC 7240), as
// in Prism:
//
//	Prefer: code=503
//	Prefer: latency=2s, field=color
//	Prefer: status=400; code=EXPORT_BUCKET_NAME_INVALID; detail="Not this one."
//
// A preference is code=STATUS or a fault in the form of [ParseFault], whose keys may follow
// after semicolons or commas. As the RFC requires, unknown preferences are ignored, and the
// response's Preference-Applied header lists the others.
func preferred(header http.Header) []preference {
	var all []preference
	for _, line := range header["Prefer"] {
		for _, item := range splitItems(line, ",;") {
			item = strings.TrimSpace(item)
			name, value, valued := strings.Cut(item, "=")
			name = strings.ToLower(name)
			value = strings.TrimSpace(value)
			if f, ok := preferredFault(name, value, valued); ok {
				all = append(all, preference{f, item})
			} else if len(all) > 0 {
				all[len(all)-1].amend(name, value, item)
			}
			if len(all) == maxPreferences {
				return all
			}
		}
	}
	return all
}

// maxPreferences bounds the number of faults that one request may ask for.
const maxPreferences = 8

// preference is a fault that a request asks for, with its original text.
type preference struct {
	fault Fault
	text  string
}

// preferredFault reads the beginning of a fault.
func preferredFault(name, value string, valued bool) (Fault, bool) {
	if plain, err := unquote(value); err == nil {
		value = plain
	}
	if name == "code" {
		name = string(kindStatus)
	}
	f := Fault{kind: faultKind(name)}
	if _, known := faultKinds[f.kind]; !known || f.setValue(value, valued) != nil || f.check() != nil {
		return Fault{}, false
	}
	return f, true
}

// amend adds a key to the fault, if the result is valid.
func (p *preference) amend(name, value, item string) {
	for _, key := range requestKeys {
		f := p.fault
		if key.name == name && key.set(&f, value) == nil && f.check() == nil {
			p.fault = f
			p.text += "; " + item
		}
	}
}
