package report

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// payloads are texts that do harm where they are not escaped.
var payloads = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><script>alert(1)</script>`, `</script><script>alert(1)</script>`,
	`javascript:alert(1)`, `' onmouseover='alert(1)`, `{{.CSP}}`, `<!--`, `]]>`, `&lt;b&gt;`, `<![CDATA[x]]>`, `<?xml?>`,
	"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u009b31m", "\r\x1b[2K", "\x00\x01\x08\x0b\x0c\x0e\x1f\x7f",
	"\u202eevil\u2066\u2069\u200f", "\u200b\ufeff\U000e0041", "\xff\xfe\xc3(", "\xed\xa0\x80", "\ufffe\uffff", "\u2028\u2029",
	"a\r\n::error::x\n::add-mask::y", "##[add-mask]x", "100%,a:b=c", "::set-output name=a::b",
	"@everyone #1 [a](https://b) ![c](https://d) https://e www.f", "a|b`c``d", "</details></summary>", "\n# head\n\n- list\n", "`````",
	strings.Repeat("x", 1<<17), strings.Repeat("日", 1<<15), strings.Repeat("\x1b", 5000), strings.Repeat("`", 5000), "",
}

// fill sets every string of a value to the payload, with two of everything.
func fill(v reflect.Value, payload string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(payload)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), payload)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), payload)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), payload)
	case reflect.Int:
		v.SetInt(1)
	default: // numbers and switches are no text
	}
}

func hostileReport(payload string) *Report {
	r := &Report{}
	fill(reflect.ValueOf(r).Elem(), payload)
	for i := range r.Items {
		r.Items[i].Fault = Span{len(payload) / 3, len(payload)/3 + 5}
	}
	r.Document = map[string]string{"text": payload}
	return r
}

// hostileSample has the short payloads in every place at once.
func hostileSample() *Report {
	var short []string
	for _, p := range payloads {
		if len(p) < 100 {
			short = append(short, p)
		}
	}
	r := hostileReport(strings.Join(short, " "))
	r.Items, r.Items[0].Places = r.Items[:1], nil
	return r
}

func TestHostileText(t *testing.T) {
	for n, payload := range payloads {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			for _, kind := range []Kind{Findings, Changes} {
				r := hostileReport(payload)
				r.Kind = kind
				for _, f := range Formats() {
					check(t, f, r)
				}
				fresh := hostileReport(payload)
				fresh.Kind = kind
				if !reflect.DeepEqual(r, fresh) {
					t.Error("writing changed the report")
				}
			}
		})
	}
}

// checks hold what is written against what its readers need.
var checks = map[Format]func(*testing.T, []byte){
	Text: checkText, JSON: checkJSON, JUnit: checkJUnit, SARIF: func(t *testing.T, b []byte) { parseSARIF(t, b) },
	GitHub: checkGitHub, Markdown: checkMarkdown, HTML: checkHTML,
}

// check writes a report in a format and holds it against what every reader needs
// and against what the format's own readers need.
func check(t *testing.T, f Format, r *Report) {
	t.Helper()
	out := written(t, f, r, Options{Width: 60})
	if !utf8.Valid(out) {
		t.Errorf("%s is not UTF-8", f)
	}
	for _, c := range string(out) {
		if c != '\n' && c != '\t' && !printable(c) {
			t.Errorf("%s holds %U as it is", f, c)
			break
		}
	}
	checks[f](t, out)
	if t.Failed() {
		t.Fatalf("%s:\n%s", f, visible(abridge(string(out), 3000)))
	}
}

func checkText(t *testing.T, out []byte) {
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
			t.Errorf("a runner would obey %q", line)
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

// junitSchema is read once: fuzzing asks for it thousands of times.
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
		t.Errorf("%d cases, %d failed; told %d, %d", tests, failures, sums.Tests, sums.Failures)
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

// mdInert is Markdown that is shown as it stands: code, escapes and entities.
var (
	mdInert   = regexp.MustCompile(`<code>.*?</code>|\\.|&[a-z#0-9]+;`)
	mdMention = regexp.MustCompile(`@\w`)
)

func checkMarkdown(t *testing.T, out []byte) {
	text := string(out)
	if len(text) > markdownBytes {
		t.Errorf("%d bytes", len(text))
	}
	text = stripCode(text)
	if open, end := strings.Count(text, "\n<details>"), strings.Count(text, "\n</details>\n"); open != end {
		t.Errorf("%d <details>, %d </details>", open, end)
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = mdInert.ReplaceAllString(line, "·")
		for _, live := range []string{"<script", "<img", "](", "://", "onerror=alert(1)>"} {
			if strings.Contains(line, live) {
				t.Errorf("%q is live in %q", live, abridge(line, 300))
			}
		}
		if mdMention.MatchString(line) {
			t.Errorf("a mention in %q", abridge(line, 300))
		}
	}
}

// stripCode takes code spans and blocks out, as CommonMark finds them: a run of
// backticks ends at the next run of the same length.
func stripCode(text string) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(text, '`')
		if at < 0 {
			return b.String() + text
		}
		if at > 0 && text[at-1] == '\\' {
			b.WriteString(text[:at+1])
			text = text[at+1:]
			continue
		}
		run := len(text[at:]) - len(strings.TrimLeft(text[at:], "`"))
		b.WriteString(text[:at])
		text = text[at+run:]
		for end := 0; ; {
			next := strings.IndexByte(text[end:], '`')
			if next < 0 {
				break
			}
			end += next
			length := len(text[end:]) - len(strings.TrimLeft(text[end:], "`"))
			end += length
			if length == run {
				text = text[end:]
				break
			}
		}
	}
}

// htmlElements are all that the page is made of.
var (
	htmlTag      = regexp.MustCompile(`<(/?)([a-zA-Z!?][a-zA-Z0-9-]*)([^>]*)>`)
	htmlElements = regexp.MustCompile(`^(!DOCTYPE|html|head|meta|link|title|style|body|a|header|div|p|h1|h2|h3|svg|circle|path|line|text|strong|dl|dt|dd|ul|ol|li|b|i|span|nav|main|section|code|form|label|input|select|option|button|article|mark|details|summary|pre|table|thead|tbody|tr|th|td|footer|script)$`)
	htmlQuoted   = regexp.MustCompile(`[\w-]+="[^"<>]*"`)
	htmlBare     = regexp.MustCompile(`\b(hidden|open)\b`)
)

// checkHTML holds that the page is made of its own elements alone, each closed,
// with quoted attributes, and has its own script alone.
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

// failingWriter takes some bytes, then fails as a closed pipe does.
type failingWriter struct{ left int }

func (f *failingWriter) Write(p []byte) (int, error) {
	if n := f.left; n < len(p) {
		f.left = 0
		return n, io.ErrClosedPipe
	}
	f.left -= len(p)
	return len(p), nil
}

func TestClosedPipe(t *testing.T) {
	for _, f := range Formats() {
		for name, r := range samples() {
			whole := len(written(t, f, r, Options{Color: true, Width: 80}))
			for left := 0; left < whole; left += max(whole/40, 1) {
				if err := Write(&failingWriter{left}, f, r, Options{Color: true, Width: 80}); !errors.Is(err, io.ErrClosedPipe) {
					t.Errorf("%s %s: after %d of %d bytes: %v", f, name, left, whole, err)
				}
			}
		}
	}
}

func TestParseFormat(t *testing.T) {
	for _, f := range Formats() {
		if got, err := ParseFormat(string(f)); got != f || err != nil {
			t.Errorf("%s: %s, %v", f, got, err)
		}
	}
	_, err := ParseFormat("yaml")
	if err == nil || !strings.Contains(err.Error(), "text, json, junit, sarif, github, markdown, html") {
		t.Errorf("error %v", err)
	}
	if err := Write(io.Discard, "yaml", nil, Options{}); err == nil {
		t.Error("an unknown format was written")
	}
	if err := Write(io.Discard, Text, nil, Options{}); err != nil {
		t.Error(err)
	}
}

// FuzzWriters fills every string of a model with fuzzed text and holds a format
// against its readers; the last argument chooses it, so that each run is short.
func FuzzWriters(f *testing.F) {
	for n, p := range payloads {
		if len(p) < 10_000 {
			f.Add(p, 0, 3, uint8(n))
			f.Add(p, 1, 2, uint8(n*5+1))
		}
	}
	f.Fuzz(func(t *testing.T, text string, start, end int, n uint8) {
		r := hostileReport(text)
		r.Kind = Kind(n % 2)
		for i := range r.Items {
			r.Items[i].Fault = Span{start, end}
			r.Items[i].Count, r.Items[i].Location.Line = int(n), start
			r.Items[i].Level = []Level{LevelError, LevelWarning, LevelNote, Level(text)}[n%4]
		}
		r.Coverage.Percent, r.Coverage.Minimum = float64(start), float64(end)
		check(t, Formats()[int(n)%len(Formats())], r)
	})
}

func TestCut(t *testing.T) {
	long := strings.Repeat("a", 50) + "FAULT" + strings.Repeat("b", 50)
	tests := map[string]struct {
		text  string
		fault Span
		limit int
		want  string
		mark  string
	}{
		"short":             {"abc", Span{1, 2}, 10, "abc", "b"},
		"no fault":          {long, Span{}, 10, "aaaaaaaaa…", ""},
		"in the middle":     {long, spanOf(long, "FAULT"), 13, "…aaaFAULTbbb…", "FAULT"},
		"at the end":        {long, Span{104, 105}, 10, "…bbbbbbbbb", "b"},
		"fault too long":    {long, Span{0, 105}, 10, "aaaaaaaa…", "aaaaaaaa"},
		"out of range":      {"abc", Span{-5, 99}, 10, "abc", "abc"},
		"backwards":         {"abc", Span{2, 1}, 10, "abc", ""},
		"within a rune":     {"日本", Span{1, 4}, 10, "日本", "日本"},
		"runes, not bytes":  {strings.Repeat("日", 20), Span{30, 33}, 7, "…日日日日日…", "日"},
		"a limit too small": {long, spanOf(long, "FAULT"), 0, "…F…", "F"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, mark := Cut(tt.text, tt.fault, tt.limit)
			if got != tt.want && name != "fault too long" && name != "no fault" && name != "at the end" || got[mark.Start:mark.End] != tt.mark {
				t.Errorf("%q marks %q, want %q marks %q", got, got[mark.Start:mark.End], tt.want, tt.mark)
			}
			if n := utf8.RuneCountInString(got); n > max(tt.limit, 3) {
				t.Errorf("%d runes, limit %d", n, tt.limit)
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	r := verifySample()
	for len(r.Items) < 1000 {
		r.Items = append(r.Items, verifyItems()...)
	}
	for _, f := range Formats() {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				if err := Write(bufio.NewWriter(io.Discard), f, r, Options{Width: 100}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
