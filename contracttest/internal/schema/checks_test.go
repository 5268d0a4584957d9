package schema

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
)

// TestChecks validates the texts in testdata/checks.txt. A block begins with a comment and
// a schema, Root, of OpenAPI 3.0 (schema) or 3.1 (modern); further schemas are named by
// let. Then there are questions, each followed by the result, indented:
//
//	response, request TEXT    the verdict on a text: its failures, or the coverage that it shows
//	envelope HOW STATUS TEXT  the same for a body asked for with envelope=true
//	coverage DIRECTION        the coverage items that a text can show
//	declares POINTER VALUE    whether a member is declared, with that value of its enum
//	plain TEXT                whether a parameter's value is proved valid
//
// "proved" means that the fast path accepts the text; "valid" means that only the slow path
// does. A failure is
//
//	keyword at pointer by place: wants …; has …; message; hint; matches branch
//
// Places are shortened: # is /components/schemas/. «text*n» repeats a text, which may
// contain Go escapes.
func TestChecks(t *testing.T) {
	const file = "testdata/checks.txt"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i, block := range strings.Split(strings.TrimSpace(string(source)), "\n\n") {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(withResults(t, block))
	}
	golden.Check(t, file, []byte(out.String()))
}

// withResults returns a block with new results.
func withResults(t *testing.T, block string) string {
	t.Helper()
	var out, named strings.Builder
	root, version := "", "3.0.1"
	var q *questioner
	for _, line := range strings.Split(block, "\n") {
		if strings.HasPrefix(line, "  ") {
			continue
		}
		out.WriteString(line + "\n")
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "#":
		case "modern":
			root, version = unfold(rest), "3.1.0"
		case "schema":
			root = unfold(rest)
		case "let":
			name, schema, _ := strings.Cut(rest, " ")
			fmt.Fprintf(&named, "    %s: %s\n", name, schema)
		default:
			if q == nil {
				q = newQuestioner(t, "openapi: "+version+"\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Root: "+root+"\n"+named.String())
			}
			for _, result := range q.ask(verb, unfold(rest)) {
				out.WriteString("  " + result + "\n")
			}
		}
	}
	return out.String()
}

// folded matches a repeated text.
var folded = regexp.MustCompile(`«(.+?)\*(\d+)»`)

func unfold(text string) string {
	return folded.ReplaceAllStringFunc(text, func(found string) string {
		m := folded.FindStringSubmatch(found)
		n, _ := strconv.Atoi(m[2])
		piece, err := strconv.Unquote("`" + m[1] + "`")
		if strings.Contains(m[1], `\`) {
			piece, err = strconv.Unquote(`"` + m[1] + `"`)
		}
		if err != nil {
			panic(found)
		}
		return strings.Repeat(piece, n)
	})
}

// root is the pointer of the schema that questions refer to.
const root = "/components/schemas/Root"

// questioner answers the questions about a schema.
type questioner struct {
	t          *testing.T
	index      *Index
	directions map[string]*Schema
}

func newQuestioner(t *testing.T, source string) *questioner {
	t.Helper()
	index := indexOf(t, source)
	return &questioner{t, index, map[string]*Schema{"response": compiledAt(t, index, root, Response), "request": compiledAt(t, index, root, Request)}}
}

func (q *questioner) ask(verb, rest string) []string {
	q.t.Helper()
	switch verb {
	case "response", "request":
		return q.directions[verb].describe([]byte(rest))
	case "envelope":
		how, rest, _ := strings.Cut(rest, " ")
		status, text, _ := strings.Cut(rest, " ")
		e := Envelope{List: strings.Contains(how, "list"), Optional: strings.Contains(how, "optional"), Spec: "/paths/~1a/get/parameters/0"}
		e.Status, _ = strconv.Atoi(status)
		return q.directions["response"].verdict("valid", q.directions["response"].CheckEnveloped([]byte(text), e))
	case "coverage":
		return q.directions[rest].shows(func(int) bool { return true })
	case "declares":
		pointer, value, _ := strings.Cut(rest, " ")
		return []string{yesNo[q.directions["response"].Declares(pointer, value)]}
	case "plain":
		return []string{map[bool]string{true: "proved", false: "not proved"}[plainAt(q.t, q.index, root).Proves(rest)]}
	}
	q.t.Fatalf("no question begins with %q", verb)
	return nil
}

var yesNo = map[bool]string{true: "yes", false: "no"}

// describe returns what Check reports for a text, and which path reported it.
func (s *Schema) describe(text []byte) []string {
	how := "valid"
	if _, ok := s.prove(text); ok {
		how = "proved"
	}
	return s.verdict(how, s.Check(text))
}

func (s *Schema) verdict(right string, v Verdict) []string {
	if len(v.Failures) == 0 {
		return append([]string{right}, s.shows(v.Seen.Has)...)
	}
	var lines []string
	for _, f := range v.Failures {
		kind := map[Kind]string{Malformed: "malformed", Duplicate: "duplicate", Undeclared: "undeclared", Violation: cmp.Or(f.Keyword, "a failure")}[f.Kind]
		line := fmt.Sprintf("%s at %q by %s: wants %q; has %q; %s", kind, f.Pointer, shortPlace(f.Spec), f.Expected, f.Actual, f.Message)
		if f.Hint != "" {
			line += "; " + f.Hint
		}
		if f.Branch != "" {
			line += "; matches " + shortPlace(f.Branch)
		}
		lines = append(lines, line)
	}
	return lines
}

func shortPlace(pointer string) string {
	return cmp.Or(strings.Replace(pointer, "/components/schemas/", "#", 1), "nothing")
}

// shows writes the coverage items that are in a set, one line per kind.
func (s *Schema) shows(has func(int) bool) []string {
	var lines []string
	for kind, title := range []string{FieldItem: "members", ValueItem: "values", BranchItem: "branches"} {
		var list []string
		for i, item := range s.CoverageItems() {
			if int(item.Kind) != kind || !has(i) {
				continue
			}
			text := cmp.Or(item.Pointer, `""`)
			if item.Value != "" {
				text += "=" + item.Value
			}
			if item.Branch != "" {
				text += " of " + item.Branch
			}
			list = append(list, text)
		}
		if len(list) > 0 {
			lines = append(lines, title+" "+strings.Join(list, ", "))
		}
	}
	return lines
}
