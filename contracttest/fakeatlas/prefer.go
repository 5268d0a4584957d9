package fakeatlas

import (
	"net/http"
	"strings"
)

// preferred reads the faults that a request asks for itself, like the Prefer header of
// Prism (RFC 7240):
//
//	Prefer: code=503
//	Prefer: latency=2s, field=color
//	Prefer: status=400; code=EXPORT_BUCKET_NAME_INVALID; detail="Not this one."
//
// A preference is code=STATUS or a fault as [ParseFault] reads it, whose keys may follow
// it after semicolons or commas. As the RFC requires, an unknown preference is ignored;
// the Preference-Applied header of the response has the rest.
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

// maxPreferences bounds how many faults one request may ask for.
const maxPreferences = 8

// preference is a fault that a request asks for, and how it spelled it.
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

// amend adds a key to the fault, if the fault then makes sense.
func (p *preference) amend(name, value, item string) {
	for _, key := range requestKeys {
		f := p.fault
		if key.name == name && key.set(&f, value) == nil && f.check() == nil {
			p.fault = f
			p.text += "; " + item
		}
	}
}
