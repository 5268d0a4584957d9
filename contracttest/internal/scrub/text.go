package scrub

import (
	"regexp"
	"strings"
)

// Text scrubs prose, such as the detail of an error: plain words and small numbers are
// kept, known names are replaced by their placeholders, and everything else is redacted.
func (s *Scrubber) Text(text string) string {
	return s.out(tokens.ReplaceAllStringFunc(text, s.token))
}

var (
	tokens     = regexp.MustCompile(`[^\s]+`)
	plainWord  = newPattern(`^(?:[a-z]{1,16}|[A-Z][a-z]{0,15}|[A-Z]{1,8})(?:'s|'t|n't)?$`)
	codeShape  = newPattern(`^[A-Z]{2,20}(?:_[A-Z]{1,20}){0,8}$`)
	smallCount = newPattern(`^[0-9]{1,6}$`)
)

// punctuation are the characters that may surround a word.
const punctuation = "\"'`()[]{},.;:!?"

func (s *Scrubber) token(token string) string {
	core := strings.Trim(token, punctuation)
	if core == "" {
		return token
	}
	at := strings.Index(token, core)
	return token[:at] + s.word(core) + token[at+len(core):]
}

func (s *Scrubber) word(word string) string {
	if known, ok := s.placeholders.lookup("name", word); ok {
		return known
	}
	switch _, isField := fieldRules[word]; {
	case plainWord.MatchString(word), smallCount.MatchString(word), codeShape.MatchString(word), isField, structure[word]:
		return word
	case strings.HasPrefix(word, "/") || strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://"):
		return s.URL(word)
	}
	return s.opaque(word)
}
