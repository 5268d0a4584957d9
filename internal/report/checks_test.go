package report

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// checks are the functions that check a written report, by format.
var checks = map[Format]func(*testing.T, []byte){
	Text: checkText, JSON: checkJSON, JUnit: checkJUnit, SARIF: func(t *testing.T, b []byte) { parseSARIF(t, b) },
	GitHub: checkGitHub, Markdown: checkMarkdown, HTML: checkHTML,
}

// check writes a report in a format, and checks the output with the checks for all formats
// and those for the format.
func check(t *testing.T, f Format, r *Report) {
	t.Helper()
	out := written(t, f, r, Options{Width: 60})
	if !utf8.Valid(out) {
		t.Errorf("%s is not UTF-8", f)
	}
	for _, c := range string(out) {
		if c != '\n' && c != '\t' && !printable(c) {
			t.Errorf("%s contains %U unescaped", f, c)
			break
		}
	}
	checks[f](t, out)
	if t.Failed() {
		t.Fatalf("%s:\n%s", f, termtext.Visible(abridge(string(out), 3000)))
	}
}

func checkText(t *testing.T, out []byte) {
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
			t.Errorf("a runner would execute %q", line)
		}
		if len(line) > 20_000 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
}

func checkJSON(t *testing.T, out []byte) {
	if !json.Valid(out) {
		t.Error("not JSON")
	}
}

// junitSchema reads the schema once, because fuzzing uses it thousands of times.
var junitSchema = sync.OnceValue(func() xsdSchema { return mustXSD(junitXSD) })

func checkJUnit(t *testing.T, out []byte) {
	if err := junitSchema().validate(out); err != nil {
		t.Error(err)
	}
	var sums struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Cases []struct {
				Failures []struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(out, &sums); err != nil {
		t.Error(err)
	}
	tests, failures := 0, 0
	for _, s := range sums.Suites {
		for _, c := range s.Cases {
			tests, failures = tests+1, failures+len(c.Failures)
		}
	}
	if tests == 0 || tests != sums.Tests || failures != sums.Failures {
		t.Errorf("%d cases, %d failed; the sums are %d, %d", tests, failures, sums.Tests, sums.Failures)
	}
}

func checkGitHub(t *testing.T, out []byte) {
	for line := range strings.Lines(string(out)) {
		name, properties, _ := runnerCommand(t, strings.TrimSuffix(line, "\n"))
		if name != "error" && name != "warning" && name != "notice" {
			t.Errorf("command %q", name)
		}
		for key := range properties {
			if key != "file" && key != "line" && key != "title" {
				t.Errorf("property %q in %q", key, line)
			}
		}
	}
}

// htmlElements are the only elements of the page.
var (
	htmlTag      = regexp.MustCompile(`<(/?)([a-zA-Z!?][a-zA-Z0-9-]*)([^>]*)>`)
	htmlElements = regexp.MustCompile(`^(!DOCTYPE|html|head|meta|link|title|style|body|a|header|div|p|h1|h2|h3|svg|circle|path|line|text|strong|dl|dt|dd|ul|ol|li|b|i|span|nav|main|section|code|form|label|input|select|option|button|article|mark|details|summary|pre|table|thead|tbody|tr|th|td|footer|script)$`)
	htmlQuoted   = regexp.MustCompile(`[\w-]+="[^"<>]*"`)
	htmlBare     = regexp.MustCompile(`\b(hidden|open)\b`)
)

// checkHTML checks that the page has only its own elements, each closed and with quoted
// attributes, and only its own script.
func checkHTML(t *testing.T, out []byte) {
	page := string(out)
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("%d scripts", n)
	}
	page = strings.Replace(page, "<style>"+pageStyle+"</style>", "", 1)
	page = strings.Replace(page, "<script>"+pageScript+"</script>", "", 1)
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template refused a value")
	}
	var open []string
	for _, m := range htmlTag.FindAllStringSubmatch(page, -1) {
		end, name, attributes := m[1] == "/", m[2], m[3]
		if !htmlElements.MatchString(name) {
			t.Errorf("element %q", m[0])
		}
		rest := htmlBare.ReplaceAllString(htmlQuoted.ReplaceAllString(attributes, ""), "")
		if strings.Trim(rest, " /") != "" && name != "!DOCTYPE" {
			t.Errorf("attributes %q", m[0])
		}
		for _, a := range htmlQuoted.FindAllString(attributes, -1) {
			if strings.HasPrefix(a, "on") || strings.HasPrefix(a, "style=") {
				t.Errorf("a handler or style in %q", m[0])
			}
		}
		switch {
		case name == "!DOCTYPE", name == "meta", name == "link", name == "input", strings.HasSuffix(attributes, "/"):
		case !end:
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			t.Fatalf("%q closes %v", m[0], open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
	if len(page) > 4<<20 {
		t.Errorf("%d bytes", len(page))
	}
}
