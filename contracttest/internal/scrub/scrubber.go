package scrub

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
)

// Redacted replaces a text that was removed.
const Redacted = "redacted"

// Rules are a user's additional rules.
type Rules struct {
	// Secrets are texts that must not be kept, such as the key that signs the
	// requests. Their base64 and URL encodings are removed too.
	Secrets []string
	// Patterns match texts that must not be kept.
	Patterns []*regexp.Regexp
	// Headers are names of headers to omit.
	Headers []string
	// Vocabulary lists texts that may be kept in addition to those of export buckets.
	Vocabulary *Vocabulary
}

// Scrubber removes secrets from exchanges. It is safe for concurrent use.
type Scrubber struct {
	patterns     []*regexp.Regexp
	dropped      map[string]bool
	placeholders placeholders
	vocabulary   *Vocabulary
}

// New returns a Scrubber. It refuses secrets of fewer than four characters, because they
// would match everywhere.
func New(rules Rules) (*Scrubber, error) {
	s := &Scrubber{dropped: map[string]bool{}, placeholders: placeholders{known: map[string]string{}, counts: map[string]int{}}, vocabulary: rules.Vocabulary}
	for i, secret := range rules.Secrets {
		if len(secret) < 4 {
			return nil, fmt.Errorf("secret %d has fewer than 4 characters, which would match everywhere", i)
		}
		s.patterns = append(s.patterns, literally(secret))
	}
	for i, p := range rules.Patterns {
		if p == nil || p.MatchString(Redacted) {
			return nil, fmt.Errorf("pattern %d is nil or matches %q", i, Redacted)
		}
		s.patterns = append(s.patterns, p)
	}
	for _, name := range rules.Headers {
		s.dropped[strings.ToLower(name)] = true
	}
	return s, nil
}

// literally returns a pattern for a text and its encodings in HTTP traffic.
func literally(secret string) *regexp.Regexp {
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret)}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		forms = append(forms, enc.EncodeToString([]byte(secret)))
	}
	for i, form := range forms {
		forms[i] = regexp.QuoteMeta(form)
	}
	return regexp.MustCompile(`(?i)` + strings.Join(forms, "|"))
}

// out applies the user's rules to a text. It is the last step for every text that is kept.
func (s *Scrubber) out(text string) string {
	for _, p := range s.patterns {
		text = p.ReplaceAllString(text, Redacted)
	}
	return text
}

// Check returns an error if a scrubbed text contains anything that looks like a secret. The
// error describes the kind of secret, without the secret.
func (s *Scrubber) Check(text string) error {
	if found := secrets.InText([]byte(text)); found.What != "" {
		return fmt.Errorf("%s is left after scrubbing", found.What)
	}
	for i, p := range s.patterns {
		if p.MatchString(text) {
			return fmt.Errorf("a match of the caller's rule %d is left after scrubbing", i)
		}
	}
	return nil
}
