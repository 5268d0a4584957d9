package report

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// payloads are texts that have an effect if they are not escaped.
var payloads = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><script>alert(1)</script>`, `</script><script>alert(1)</script>`,
	`javascript:alert(1)`, `' onmouseover='alert(1)`, `{{.CSP}}`, `<!--`, `]]>`, `&lt;b&gt;`, `<![CDATA[x]]>`, `<?xml?>`,
	"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u009b31m", "\r\x1b[2K", "\x00\x01\x08\x0b\x0c\x0e\x1f\x7f",
	"\u202eevil\u2066\u2069\u200f", "\u200b\ufeff\U000e0041", "\xff\xfe\xc3(", "\xed\xa0\x80", "\ufffe\uffff", "\u2028\u2029",
	"a\r\n::error::x\n::add-mask::y", "##[add-mask]x", "100%,a:b=c", "::set-output name=a::b",
	"a|[b](https://c) ![d](e) www.f.g https://h.i j@k.l @m #1 <i>`n`", "@everyone #1 [a](https://b) ![c](https://d) https://e www.f", "a|b`c``d", "</details></summary>", "\n# head\n\n- list\n", "`````",
	strings.Repeat("x", 1<<17), strings.Repeat("日", 1<<15), strings.Repeat("\x1b", 5000), strings.Repeat("`", 5000), strings.Repeat("@", 5000), strings.Repeat("a ", 5000), "",
}

// fill sets every string of a value to the payload, and gives every slice two elements.
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
	default: // not a text
	}
}

func hostileReport(payload string) *Report {
	r := &Report{}
	fill(reflect.ValueOf(r).Elem(), payload)
	r.Document = map[string]string{"text": payload}
	return r
}

// hostileSample returns a report with the short payloads in every place at once.
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
	slowtest.Skip(t)
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

// fuzzFormats fills every string of a model with fuzzed text, writes the model in one of the
// formats, and checks the result with a reader of the format.
func fuzzFormats(f *testing.F, formats ...Format) {
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
			r.Items[i].Count, r.Items[i].Location.Line = int(n), start
			r.Items[i].Level = []Level{LevelError, LevelWarning, LevelNote, Level(text)}[n%4]
		}
		r.Coverage.Percent, r.Coverage.Minimum = float64(start), float64(end)
		check(t, formats[int(n)%len(formats)], r)
	})
}

func FuzzWriters(f *testing.F) { fuzzFormats(f, Text, JSON, GitHub, HTML) }

// FuzzSARIF also validates each output against SARIF's schema, which takes most of its time.
func FuzzSARIF(f *testing.F) {
	slowtest.Skip(f)
	fuzzFormats(f, SARIF)
}

func FuzzJUnit(f *testing.F) { fuzzFormats(f, JUnit) }

func FuzzMarkdown(f *testing.F) { fuzzFormats(f, Markdown) }
