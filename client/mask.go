package client

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"sync"
)

const (
	// masked replaces a credential in a text.
	masked = "[redacted]"
	// minMasked is the length of the shortest credential that is masked. A shorter one
	// protects nothing, and masking it would change ordinary words.
	minMasked = 6
	// maxIssued bounds the number of issued tokens that a mask remembers. Atlas issues at
	// most 10 per minute, and only the latest can still be in use.
	maxIssued = 32
)

// mask replaces the credentials of one client in texts from servers: a gateway's error
// page may repeat the request. It is safe for concurrent use.
type mask struct {
	mu         sync.Mutex
	configured []secret // the caller's credentials
	issued     []secret // issued tokens, the latest last
}

// hide adds credentials of the caller.
func (m *mask) hide(values ...secret) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.configured = append(m.configured, values...)
}

// hideToken adds a token that was issued while the client runs.
func (m *mask) hideToken(token string) {
	if token == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.issued = append(m.issued, hide(token))
	m.issued = m.issued[max(0, len(m.issued)-maxIssued):]
}

// text returns s with every credential replaced, in any of its encodings.
func (m *mask) text(s string) string {
	if s == "" {
		return s
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, list := range [][]secret{m.configured, m.issued} {
		for _, value := range list {
			s = replaceForms(s, value())
		}
	}
	return s
}

func replaceForms(s, value string) string {
	if len(value) < minMasked {
		return s
	}
	for _, form := range encodings(value) {
		s = strings.ReplaceAll(s, form, masked)
	}
	return s
}

// encodings returns the forms in which a credential may occur in a text: unchanged, escaped
// for a URL or for JSON, and in Base64, without the padding, which is optional.
func encodings(value string) []string {
	forms := []string{
		value, url.QueryEscape(value), url.PathEscape(value),
		base64.RawStdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value)),
	}
	if quoted, err := json.Marshal(value); err == nil {
		forms = append(forms, strings.Trim(string(quoted), `"`))
	}
	return forms
}

// cutText returns the first n bytes of body with every credential replaced. It masks more
// text than it returns, so that the cut does not leave a part of a credential.
func (m *mask) cutText(body []byte, n int) []byte {
	const margin = 16 << 10 // longer than any credential
	text := m.text(string(body[:min(len(body), n+margin)]))
	return []byte(text[:min(len(text), n)])
}

// value returns a value decoded from JSON with every text in it masked.
func (m *mask) value(v any) any {
	switch v := v.(type) {
	case string:
		return m.text(v)
	case []any:
		for i := range v {
			v[i] = m.value(v[i])
		}
	case map[string]any:
		clean := make(map[string]any, len(v))
		for key, member := range v {
			clean[m.text(key)] = m.value(member)
		}
		return clean
	}
	return v
}

// error returns err, or a *maskedError where its text contains a credential.
func (m *mask) error(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if clean := m.text(text); clean != text {
		return &maskedError{text: clean, original: hideError(err)}
	}
	return err
}

// maskedError replaces an error whose text contains a credential. It matches the targets
// that the original matches, but does not unwrap to it, so that nothing prints the original.
type maskedError struct {
	text     string
	original func() error
}

func hideError(err error) func() error { return func() error { return err } }

func (e *maskedError) Error() string { return e.text }

// Is reports whether the original matches target.
func (e *maskedError) Is(target error) bool { return errors.Is(e.original(), target) }
