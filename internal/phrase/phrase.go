// Package phrase provides small texts for the reports and messages of several packages:
// counts, lists, shortened texts, quoted shell words, suggestions for misspelled names, and
// errors of files.
package phrase

import (
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Count returns "1 file" or "2 files".
func Count(n int, noun string) string { return strconv.Itoa(n) + " " + Noun(n, noun) }

// Noun returns the form of a noun for n things: it gets an s unless n is 1.
func Noun(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// List joins the names that a text shows of a larger number: "a, b and 3 more".
func List(shown []string, total int) string {
	text := strings.Join(shown, ", ")
	if more := total - len(shown); more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// First is [List] for the first of all names.
func First(names []string, most int) string {
	return List(names[:min(len(names), most)], len(names))
}

// Cut shortens a text to a number of bytes, without dividing a character, and appends an
// ellipsis.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// ShellQuote quotes a word for a POSIX shell.
func ShellQuote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// ShellWord quotes a word for a POSIX shell if it needs quotes.
func ShellWord(word string) string {
	special := func(r rune) bool {
		plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:@%+=,", r)
		return !plain
	}
	if word != "" && !strings.ContainsFunc(word, special) {
		return word
	}
	return ShellQuote(word)
}

const (
	// maxNear is the longest text that Nearest looks up, in bytes.
	maxNear = 200
	// maxCandidates bounds the number of candidates that Nearest compares.
	maxCandidates = 2000
)

// Nearest returns the candidate that a misspelled text most likely means, or "" if none is
// close. Case does not matter.
func Nearest(text string, candidates []string) string {
	if len(text) > maxNear {
		return ""
	}
	best, distance := "", len(text)/3+2
	for _, candidate := range candidates[:min(len(candidates), maxCandidates)] {
		n := levenshtein.ComputeDistance(strings.ToLower(text), strings.ToLower(candidate))
		if n < distance && n < len(candidate) {
			best, distance = candidate, n
		}
	}
	return best
}

// DidYouMean returns a "did you mean" question for a misspelled text, or "" if no candidate
// is close.
func DidYouMean(text string, candidates []string) string {
	if near := Nearest(text, candidates); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// WithoutPath returns the reason of an error of package os, for a message that already names
// the file. Other errors, and those that wrap one, are returned unchanged.
func WithoutPath(err error) error {
	switch e := err.(type) { //nolint:errorlint // a wrapping error has more text than its reason
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}
