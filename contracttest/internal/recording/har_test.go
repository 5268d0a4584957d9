package recording_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// har wraps entries as most tools do.
func har(entries ...string) string {
	return `{"log":{"version":"1.2","creator":{"name":"t","version":"1"},"entries":[` + strings.Join(entries, ",\n") + `]}}`
}

// entryWith returns an entry with the given response members.
func entryWith(members string) string {
	return `{"request":{"method":"GET","url":"https://h/p"},"response":{"status":200,` + members + `}}`
}

func TestHARResponseBody(t *testing.T) {
	gz := base64.StdEncoding.EncodeToString([]byte(zipped(`{"a":1}`)))
	for name, tc := range map[string]struct {
		response string
		want     recording.Body
	}{
		"text":                              {`"content":{"size":7,"text":"{\"a\":1}"}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"text after a wrong size":           {`"content":{"size":2,"text":"{\"a\":1}"}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"text before the size":              {`"content":{"text":"{\"a\":1}","size":-1}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"no text, size 0":                   {`"content":{"size":0,"mimeType":"x-unknown"}`, recording.Body{Recorded: true}},
		"null text, size 0":                 {`"content":{"size":0,"text":null}`, recording.Body{Recorded: true}},
		"empty text, size not 0":            {`"content":{"size":155,"text":""}`, recording.Body{Bytes: []byte{}, Recorded: true}},
		"no text, size not 0":               {`"content":{"size":155}`, recording.Body{}},
		"no text, size -1 (Safari)":         {`"content":{"size":-1,"mimeType":"application/json"}`, recording.Body{}},
		"null text, size not 0":             {`"content":{"size":155,"text":null}`, recording.Body{}},
		"no text, no size":                  {`"content":{"mimeType":"application/json"}`, recording.Body{}},
		"null size":                         {`"content":{"size":null}`, recording.Body{}},
		"no content":                        {`"bodySize":12`, recording.Body{}},
		"null content":                      {`"content":null`, recording.Body{}},
		"base64":                            {`"content":{"size":7,"text":"eyJhIjoxfQ==","encoding":"base64"}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"base64, encoding first":            {`"content":{"encoding":"BASE64","size":7,"text":"eyJhIjoxfQ=="}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"base64 in lines without padding":   {`"content":{"size":7,"text":"eyJh\nIjoxfQ","encoding":"base64"}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"still packed":                      {`"headers":[{"name":"content-encoding","value":"gzip"}],"content":{"size":7,"text":"` + gz + `","encoding":"base64"}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"decompressed, header kept":         {`"headers":[{"name":"content-encoding","value":"gzip"}],"content":{"size":7,"text":"{\"a\":1}"}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"brotli, decompressed, header kept": {`"headers":[{"name":"Content-Encoding","value":"br"}],"content":{"size":7,"text":"{\"a\":1}"}`, recording.Body{Bytes: []byte(`{"a":1}`), Recorded: true}},
		"bytes that are not UTF-8 remain":   {"\"content\":{\"size\":1,\"text\":\"\xff\"}", recording.Body{Bytes: []byte("\xff"), Recorded: true}},
	} {
		t.Run(name, func(t *testing.T) {
			got := readOne(t, har(entryWith(tc.response))).Response.Body
			if string(got.Bytes) != string(tc.want.Bytes) || got.Recorded != tc.want.Recorded {
				t.Errorf("got %q recorded=%v, want %q recorded=%v", got.Bytes, got.Recorded, tc.want.Bytes, tc.want.Recorded)
			}
		})
	}
}

func TestHARResponseToHEADHasNoBody(t *testing.T) {
	x := readOne(t, har(`{"request":{"method":"HEAD","url":"https://h/p"},"response":{"status":200,"content":{"size":0,"text":""}}}`))
	if x.Response.Body.Recorded {
		t.Error("the empty body counts as recorded, although a response to HEAD never has one")
	}
}

func TestHARRequestBody(t *testing.T) {
	for name, tc := range map[string]struct{ request, want string }{
		"text":                            {`"postData":{"mimeType":"application/json","text":"{\"a\":1}"}`, `{"a":1}`},
		"params":                          {`"postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a b","value":"c&d"},{"name":"e","value":null}]}`, `a+b=c%26d&e=`},
		"text has precedence over params": {`"postData":{"text":"a=1","params":[{"name":"a","value":"1"}]}`, `a=1`},
		"none":                            {`"bodySize":0`, ``},
		"null":                            {`"postData":null`, ``},
		"empty, as Charles writes":        {`"postData":{"mimeType":"","text":""}`, ``},
		"in another file":                 {`"postData":{"mimeType":"application/json","_file":"body.json"}`, ``},
		"base64":                          {`"postData":{"text":"eyJhIjoxfQ==","encoding":"base64"}`, `{"a":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := readOne(t, har(`{"request":{"method":"POST","url":"https://h/p",`+tc.request+`},"response":{"status":200}}`)).Request.Body
			if name == "in another file" != (got.File == "body.json") {
				t.Errorf("the body's file is %q", got.File)
			}
			if string(got.Bytes) != tc.want || got.Recorded != (tc.want != "") {
				t.Errorf("got %q recorded=%v, want %q", got.Bytes, got.Recorded, tc.want)
			}
		})
	}
}

func TestHARHead(t *testing.T) {
	x := readOne(t, har(`{"_id":7,"startedDateTime":"2026-01-19T03:01:27.123+01:00","pageref":null,
		"request":{"httpVersion":"h2","method":"get","url":"https://h/a%20b?c=d","headers":[
			{"name":":method","value":"GET"},{"name":":authority","value":"h"},{"name":"accept","value":"application/json"},{"name":"","value":"x"}]},
		"response":{"status":200.0,"_transferSize":1,"headers":[{"name":"set-cookie","value":"a=1\nb=2"},{"name":"X-Two","value":"1"},{"value":"2","name":"x-two"},{"name":"x-null","value":null}],
			"content":{"size":0}},"cache":{},"timings":{"wait":1e2},"time":-1}`))
	want := &recording.Exchange{
		Source:  recording.Source{File: "rec", Entry: 0, Line: 1},
		Started: time.Date(2026, 1, 19, 2, 1, 27, 123e6, time.UTC),
		Request: recording.Request{Method: "GET", URL: x.Request.URL, Header: http.Header{"Accept": {"application/json"}}},
		Response: recording.Response{
			Status: 200, Body: recording.Body{Recorded: true},
			Header: http.Header{"Set-Cookie": {"a=1", "b=2"}, "X-Two": {"1", "2"}, "X-Null": {""}},
		},
	}
	if diff := cmp.Diff(want, x); diff != "" {
		t.Error(diff)
	}
	if got := x.Request.URL.String(); got != "https://h/a%20b?c=d" {
		t.Errorf("URL %s", got)
	}
}

func TestHARFieldsOutsideTheHeaders(t *testing.T) {
	for name, tc := range map[string]struct {
		members string
		want    http.Header
	}{
		"no header at all":             {`"headers":[],"content":{"size":0,"mimeType":"application/json"}`, http.Header{"Content-Type": {"application/json"}}},
		"a guess of the browser":       {`"headers":[],"content":{"size":0,"mimeType":"x-unknown"}`, http.Header{}},
		"a type next to other headers": {`"headers":[{"name":"Server","value":"x"}],"content":{"size":0,"mimeType":"text/plain"}`, http.Header{"Server": {"x"}}},
		"cookies in a separate list":   {`"headers":[{"name":"Server","value":"x"}],"cookies":[{"name":"sid","value":"1"},{"name":"b","value":"2"}]`, http.Header{"Server": {"x"}, "Set-Cookie": {"sid=1", "b=2"}}},
		"cookies in both places":       {`"headers":[{"name":"Set-Cookie","value":"sid=1; Path=/"}],"cookies":[{"name":"sid","value":"1"}]`, http.Header{"Set-Cookie": {"sid=1; Path=/"}}},
	} {
		t.Run(name, func(t *testing.T) {
			x := readOne(t, har(entryWith(tc.members)))
			if diff := cmp.Diff(tc.want, x.Response.Header); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestHARStarted(t *testing.T) {
	date := `"headers":[{"name":"Date","value":"Mon, 19 Jan 2026 03:01:27 GMT"}]`
	want := time.Date(2026, 1, 19, 3, 1, 27, 0, time.UTC)
	for name, started := range map[string]string{
		"RFC 3339": `"2026-01-19T04:01:27+01:00"`, "no colon": `"2026-01-19T04:01:27.000+0100"`, "no zone": `"2026-01-19T03:01:27"`,
		"nonsense": `"yesterday"`, "null": `null`, "number": `5`,
	} {
		x := readOne(t, har(`{"startedDateTime":`+started+`,`+entryWith(date)[1:]))
		if !x.Started.Equal(want) {
			t.Errorf("%s: %v", name, x.Started)
		}
	}
	if x := readOne(t, har(entryWith(`"headers":[]`))); !x.Started.IsZero() {
		t.Errorf("without any time: %v", x.Started)
	}
}

func TestHARShapes(t *testing.T) {
	a := entryWith(`"content":{"size":0}`)
	for name, text := range map[string]string{
		"plain":                        har(a, a),
		"byte order mark":              "\ufeff" + har(a, a),
		"entries first":                `{"log":{"entries":[` + a + `,` + a + `],"pages":[{"x":[]}],"version":"1.2"}}`,
		"keys around":                  `{"a":{"log":{"entries":[1]}},"log":{"pages":[],"entries":[` + a + `,` + a + `],"comment":""},"entries":[{}],"z":[[]]}`,
		"under gzip":                   zipped(har(a, a)),
		"indented":                     "\n\t{\r\n\"log\" : {\n\n\"entries\" : [ \n" + a + " ,\n" + a + "\n]\n}\n}\n\n",
		"numbers in quotes":            har(strings.Replace(a, "200", `"200"`, 1), strings.Replace(a, "0}", `"0"}`, 1)),
		"a request without a response": har(a, `{"request":{"method":"GET","url":"https://h/"},"response":{"status":0,"content":{"size":0}}}`, a),
		"a null response":              har(a, `{"request":{"method":"GET","url":"https://h/"},"response":null}`, a),
		"escaped and unusual keys":     har(strings.Replace(a, `"request"`, `"\u0072equest"`, 1), strings.Replace(a, `"status"`, `"Status":404,"status"`, 1)),
		"a web socket and a blob":      har(strings.Replace(a, "https://h/p", "wss://h/p", 1), strings.Replace(a, "https://h/p", "blob:https://h/1-2", 1)),
	} {
		t.Run(name, func(t *testing.T) {
			got := readText(t, text)
			if len(got.errs) > 0 || len(got.exchanges) != 2 {
				t.Fatalf("got %d exchanges, errors %v", len(got.exchanges), got.errs)
			}
			if got.exchanges[0].Response.Status != 200 {
				t.Errorf("got %+v", got.exchanges[0])
			}
		})
	}
}

func TestHARUnansweredIsCounted(t *testing.T) {
	got := readText(t, har(entryWith(`"headers":[]`), `{"request":{"method":"GET","url":"https://h/"},"response":{"status":0}}`, entryWith(`"headers":[]`)))
	if got.summary.Unanswered != 1 || got.exchanges[1].Source.Entry != 2 {
		t.Errorf("summary %+v, last entry %+v", got.summary, got.exchanges[1].Source)
	}
}

func TestHARURLThatGoRefuses(t *testing.T) {
	for raw, want := range map[string]string{
		"https://H/api/100%/x?q=%zz#f": "https|H|/api/100%/x|q=%zz",
		"HTTPS://h?a=%&b":              "https|h||a=%&b",
		"/p%?q":                        "||/p%|q",
	} {
		u := readOne(t, har(strings.Replace(entryWith(`"headers":[]`), "https://h/p", raw, 1))).Request.URL
		if got := strings.Join([]string{u.Scheme, u.Host, u.Path, u.RawQuery}, "|"); got != want {
			t.Errorf("%s: got %s, want %s", raw, got, want)
		}
	}
}

// Errors of one entry leave the other entries readable. If the JSON itself is invalid, the
// entries before the error are returned.
func TestHARFaults(t *testing.T) {
	good := entryWith(`"content":{"size":0}`)
	for name, tc := range map[string]struct {
		text      string
		exchanges int
		want      string
	}{
		"no request":        {har(good, "\n\n"+`{"response":{"status":200}}`, good), 2, "rec:4: entry 1: request.url is missing"},
		"no method":         {har(good, `{"request":{"url":"/"},"response":{"status":200}}`, good), 2, "rec:2: entry 1: request.method is missing"},
		"odd status":        {har(good, `{"request":{"method":"GET","url":"/"},"response":{"status":20000}}`, good), 2, "rec:2: entry 1: response.status is 20000, which is not an HTTP status"},
		"no object":         {har(good, `null`, good), 2, "rec:2: entry 1: the entry is not a JSON object"},
		"bad base64":        {har(good, entryWith(`"content":{"text":"!","encoding":"base64"}`), good), 2, "rec:2: entry 1: response.content: the encoding is base64, but the text is not: illegal base64 data at input byte 0"},
		"damaged gzip body": {har(good, entryWith(`"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"text":"H4sIAAAA","encoding":"base64"}`), good), 2, "rec:2: entry 1: response.content: the gzip body is damaged: unexpected EOF"},
		"brotli body":       {har(good, entryWith(`"headers":[{"name":"Content-Encoding","value":"br"}],"content":{"text":"iwOAAwD/","encoding":"base64"}`), good), 2, `rec:2: entry 1: response.content: the body has the content coding "br", which is not supported: record with "Accept-Encoding: gzip" or let the recorder decode`},
		"brackets crossed":  {har(good, "{\"request\":\n[}\n}", good), 2, "rec:3: entry 1: invalid JSON: unexpected '}', expected a value"},
		"comma missing":     {har(good, `{"a":1`+"\n"+`"b":2}`, good), 2, `rec:3: entry 1: invalid JSON: unexpected '"', expected ','`},
		"cut off in entry":  {har(good, good)[:240], 1, "rec:2: entry 1: the file ends in the middle of its JSON: it is cut off"},
		"cut off after":     {har(good)[:len(har(good))-2], 1, "rec:1: the file ends in the middle of its JSON: it is cut off"},
		"garbage after":     {har(good) + "\nx", 1, "rec:2: invalid JSON: 'x' after the end of the document"},
		"two documents":     {har(good) + "\n" + har(good), 1, "rec:2: invalid JSON: '{' after the end of the document"},
		"no entries":        {`{"log":{"version":"1.2"}}`, 0, "rec: the HAR has no log.entries"},
		"entries no list":   {`{"log":{"entries":{}}}`, 0, "rec: the HAR has no log.entries"},
		"deep entry":        {har(good, strings.Repeat("[", 1000)), 1, "rec:2: entry 1: JSON nests deeper than 512 levels"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readText(t, tc.text)
			if len(got.exchanges) != tc.exchanges {
				t.Errorf("%d exchanges, want %d", len(got.exchanges), tc.exchanges)
			}
			if len(got.errs) != 1 || got.errs[0].Error() != tc.want {
				t.Errorf("errors %v\nwant   %s", got.errs, tc.want)
			}
		})
	}
}

// TestHARBodiesOfHEAD checks that only an empty body of a response to HEAD counts as not
// recorded, in any case of the method.
func TestHARBodiesOfHEAD(t *testing.T) {
	for _, tt := range []struct {
		method, text string
		recorded     bool
	}{
		{"HEAD", "", false}, {"head", "", false}, {"HEAD", "x", true}, {"GET", "", true},
	} {
		x := readOne(t, har(`{"request":{"method":"`+tt.method+`","url":"https://h/p"},"response":{"status":200,"content":{"text":"`+tt.text+`"}}}`))
		if x.Response.Body.Recorded != tt.recorded || string(x.Response.Body.Bytes) != tt.text {
			t.Errorf("%s with %q: %+v", tt.method, tt.text, x.Response.Body)
		}
	}
}

// TestHAREncodings checks that base64 bodies are decoded, whether they are marked as in HAR
// 1.2 or by an extension, in requests too.
func TestHAREncodings(t *testing.T) {
	for _, tt := range []struct{ member, text, want string }{
		{`"encoding":"base64"`, "e30=", "{}"}, {`"_encoding":"base64"`, "e30=", "{}"}, {`"encoding":"BASE64"`, "e30", "{}"},
		{`"encoding":"utf-8"`, "e30=", "e30="}, {`"x":1`, "e30=", "e30="},
	} {
		body := `{` + tt.member + `,"text":"` + tt.text + `"}`
		x := readOne(t, har(`{"request":{"method":"POST","url":"https://h/p","postData":`+body+`},"response":{"status":200,"content":`+body+`}}`))
		if got := string(x.Request.Body.Bytes); got != tt.want {
			t.Errorf("request with %s: %q, want %q", tt.member, got, tt.want)
		}
		if got := string(x.Response.Body.Bytes); got != tt.want {
			t.Errorf("response with %s: %q, want %q", tt.member, got, tt.want)
		}
	}
}
