package selection

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// all is the word that selects every operation.
const all = "all"

// word is one parsed element of --operations.
type word struct {
	text string
	// named reports whether the word names one operation, rather than a set.
	named   bool
	matches func(*oas.Operation) bool
	// noun is the name, in errors, of the things that the word matches.
	noun string
}

// methodAndPath matches a path with or without a method before it.
var methodAndPath = regexp.MustCompile(`^(?:([A-Za-z]+|\*)\s+)?(/\S*)$`)

func parseWord(text string) (word, error) {
	if text == "" {
		return word{}, errors.New("empty word: expected an operationId, a pattern such as *Cluster*, tag:NAME, METHOD /path or all")
	}
	if tag, ok := strings.CutPrefix(text, "tag:"); ok {
		return tagWord(text, strings.TrimSpace(tag))
	}
	if m := methodAndPath.FindStringSubmatch(text); m != nil {
		return pathWord(text, m[1], m[2]), nil
	}
	switch {
	case text == all:
		return word{text: text, noun: "operation", matches: func(*oas.Operation) bool { return true }}, nil
	case strings.ContainsAny(text, "*?"):
		glob := pattern(text)
		return word{text: text, noun: "operation", matches: func(op *oas.Operation) bool {
			return glob.MatchString(op.ID) || glob.MatchString(op.ShortName)
		}}, nil
	}
	return word{text: text, noun: "operation", named: true, matches: func(op *oas.Operation) bool {
		return op.ID == text || op.ShortName == text
	}}, nil
}

func tagWord(text, tag string) (word, error) {
	if tag == "" {
		return word{}, fmt.Errorf("%q has no tag: expected tag:NAME, such as tag:Clusters", text)
	}
	glob := pattern(tag)
	return word{text: text, noun: "tag", matches: func(op *oas.Operation) bool {
		for _, t := range op.Tags {
			if glob.MatchString(t) {
				return true
			}
		}
		return false
	}}, nil
}

func pathWord(text, method, path string) word {
	anyMethod := method == "" || method == "*"
	patterned := strings.ContainsAny(path, "*?")
	glob := pattern(withoutNames(path))
	return word{text: text, noun: "operation", named: !anyMethod && !patterned, matches: func(op *oas.Operation) bool {
		return (anyMethod || strings.EqualFold(method, op.Method)) && glob.MatchString(withoutNames(op.Path))
	}}
}

var pathParameter = regexp.MustCompile(`\{[^{}]*\}`)

// withoutNames removes the names of a path's parameters.
func withoutNames(path string) string { return pathParameter.ReplaceAllString(path, "{}") }

// pattern compiles a glob so that it matches whole strings in any case.
func pattern(glob string) *regexp.Regexp {
	var b strings.Builder
	for _, r := range glob {
		switch r {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return regexp.MustCompile(`(?is)^` + b.String() + `$`)
}
