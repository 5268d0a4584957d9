package contracttest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// TestReportsContainNoSecret puts a credential into every place of an exchange, next to
// errors that quote that place, and searches for it in every format.
func TestReportsContainNoSecret(t *testing.T) {
	const planted = "pLaNtEd0123456789"
	token := "eyJ" + planted + ".eyJ" + planted + "." + planted
	tests := map[string]edit{
		"authorization":      requestHeader("Authorization", "Bearer "+token),
		"basic":              requestHeader("Authorization", "Basic "+planted),
		"cookie":             responseHeader("Set-Cookie", "sid="+planted),
		"sent cookie":        requestHeader("Cookie", "sid="+planted),
		"rate limit":         responseHeader("RateLimit-Limit", token),
		"media type":         responseHeader("Content-Type", "text/plain; note="+token),
		"request media type": all(requestHeader("Content-Type", "text/plain; note="+token), func(x *recording.Exchange) { x.Request.Body = recording.Body{Bytes: []byte("{}"), Recorded: true} }),
		"query":              query("access_token=" + planted),
		"query, undeclared":  query("password=" + planted + "&pageNum=" + token),
		"query, unreadable":  query("access_token=" + planted + "&x=%zz"),
		"user":               func(x *recording.Exchange) { x.Request.URL.User = url.UserPassword("pub", planted) },
		"undeclared field":   body(`"results":`, `"privateKey": "`+planted+`", "results":`),
		"value":              body(`"ledger-archive"`, `"mdb_sa_sk_`+planted+`"`, `"GCP"`, `"`+token+`"`),
		"secret's type":      body(`"results":`, `"password": {"a":"`+planted+`"}, "results":`),
		"twice":              body(`"results":`, `"access_token": "`+planted+`", "access_token": "`+planted+`", "results":`),
		"cut through":        wholeBody(`{"results":[` + strings.Repeat(`"x",`, 30) + `"` + token + `",` + strings.Repeat(`"y",`, 20)),
		"cut before":         wholeBody(strings.Repeat("{", 10) + strings.Repeat("z", 75) + token),
		"request body": func(x *recording.Exchange) {
			x.Request.Body = recording.Body{Bytes: []byte(`{"client_secret":"` + planted + `"}`), Recorded: true}
		},
		"request form": func(x *recording.Exchange) {
			x.Request.Body = recording.Body{Bytes: []byte("client_secret=" + planted), Recorded: true}
		},
		"request body, cut": func(x *recording.Exchange) {
			x.Request.Body = recording.Body{Bytes: []byte(strings.Repeat("a", maxCurlBody-20) + " " + token), Recorded: true}
		},
		"body of an invalid status":  all(status(418), wholeBody(token)),
		"body where none is allowed": all(status(204), wholeBody(token)),
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			x := documented(t, list)
			change(x)
			j := testValidator(t, Options{})
			s := &session{validator: j, groups: groups{most: maxFindings, room: maxFindingText}, coverage: newCoverage(j.contract)}
			s.add(j.validate(x), nil)
			r := &Report{Findings: s.groups.findings(j.contract)}
			r.count(0, 0)
			if len(r.Findings) == 0 {
				t.Fatal("nothing was reported")
			}
			checkNoSecret(t, r, planted[:8])
		})
	}
}

// checkNoSecret checks that a report contains a secret in no format.
func checkNoSecret(t *testing.T, r *Report, secret string) {
	t.Helper()
	for _, format := range report.Formats() {
		var b bytes.Buffer
		if err := report.Write(&b, format, r.model("test"), report.Options{}); err != nil {
			t.Fatal(err)
		}
		if at := strings.Index(b.String(), secret); at >= 0 {
			t.Errorf("%s contains the secret: %q", format, b.String()[max(0, at-80):at+20])
		}
	}
	for _, f := range r.Findings {
		if strings.Contains(f.String(), secret) {
			t.Errorf("the test's text contains the secret: %s", f)
		}
	}
}

// TestCurlIsHarmless checks that the curl command of a hostile recording runs no other command
// and does not send the reader's keys to another host.
func TestCurlIsHarmless(t *testing.T) {
	x := documented(t, getAWS)
	x.Request.URL = &url.URL{Scheme: "https", Host: "evil.example", Path: "/a'; rm -rf ~ #"}
	x.Request.Header = http.Header{"Accept": {"'$(id)`id`"}}
	x.Request.Body.Bytes = []byte("@/etc/passwd'")
	got := curl(x)
	want := `curl --request 'GET' --header 'Accept: '\''$(id)` + "`id`'" + ` --data-raw '@/etc/passwd'\''' --url 'https://evil.example/a%27;%20rm%20-rf%20~%20`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Contains(got, "$MONGODB") || strings.Contains(got, "--digest") {
		t.Errorf("a host that is not Atlas gets the keys: %s", got)
	}
	if got := curl(documented(t, getAWS)); !strings.HasPrefix(got, `curl --digest --user "$MONGODB_ATLAS_PUBLIC_API_KEY:$MONGODB_ATLAS_PRIVATE_API_KEY"`) {
		t.Errorf("Atlas does not: %s", got)
	}
}

// TestCurlChangesNothing checks that only a GET results in a command that can be executed.
// For other requests, every line must be a shell comment, whatever the recorded method and
// body contain.
func TestCurlChangesNothing(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "CREATE", "POST\ntouch /tmp/x", ""} {
		x := documented(t, create)
		x.Request.Method = method
		x.Request.Body.Bytes = []byte("{\n\"bucketName\": \"ledger\",\r\n\"x\": \"'\n; touch /tmp/x #\"}")
		got := curl(x)
		if !strings.HasPrefix(got, "# ") || strings.ContainsAny(got, "\n\r") || !strings.Contains(got, "changes Atlas") {
			t.Errorf("%q: not a single comment stating that it changes Atlas: %q", method, got)
		}
		if !strings.Contains(got, `"bucketName": "ledger"`) {
			t.Errorf("%q: the body is missing: %q", method, got)
		}
	}
	for _, method := range []string{"HEAD", "OPTIONS", "TRACE"} {
		x := documented(t, getAWS)
		x.Request.Method = method
		if got := curl(x); got != "" {
			t.Errorf("%s: %q", method, got)
		}
	}
}

// TestLongCurl checks that a command is complete or omitted.
func TestLongCurl(t *testing.T) {
	x := documented(t, getAWS)
	x.Request.URL.Path += strings.Repeat("x", maxCurl-len(curl(x)))
	if got := curl(x); len(got) != maxCurl {
		t.Errorf("the longest command has %d bytes, want %d", len(got), maxCurl)
	}
	x.Request.URL.Path += "x"
	if got := curl(x); got != "" {
		t.Errorf("a longer one has %d bytes", len(got))
	}
}

// TestManyFaultsAreBounded checks that bodies with many errors have a report of limited size.
func TestManyFaultsAreBounded(t *testing.T) {
	slowtest.Skip(t)
	const count = 60_000
	undeclared := func(i int) string { return fmt.Sprintf(`"k%d":1`, i) }
	tests := map[string]string{
		"items of the wrong type":   `{"results":[` + strings.Repeat("1,", count) + `1]}`,
		"many more of them":         `{"results":[` + strings.Repeat("1,", 20*count) + `1]}`,
		"undeclared fields":         `{"results":[],` + limitstest.List(count, undeclared) + `}`,
		"the same key many times":   `{` + strings.Repeat(`"results":[],`, count) + `"results":[]}`,
		"one field in many objects": `{"results":[` + strings.Repeat(`{"x":1},`, count) + `{}]}`,
		"deep":                      strings.Repeat(`{"results":[`, 20_000),
		"a key of a megabyte":       `{"results":[],"` + strings.Repeat("k", 1<<20) + `":1}`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			x := documented(t, list)
			wholeBody(text)(x)
			j := testValidator(t, Options{})
			v := j.validate(x)
			if n := len(v.findings.order); n == 0 || n > maxExchangeFindings {
				t.Errorf("%d findings", n)
			}
			if size := len(asJSON(t, v.findings.order)); size > 8<<20 {
				t.Errorf("the findings take %d bytes", size)
			}
		})
	}
}

// TestBrokenContractIsAnError checks that exchanges that cannot be validated result in an
// error, and have no findings.
func TestBrokenContractIsAnError(t *testing.T) {
	source, err := openapi.Source(openapi.V20240530)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.ReplaceAll(string(source), "$ref: '#/components/schemas/", "$ref: '#/components/schemas/No")
	if r, err := Verify(sessionOf(t, getGCP, list), Options{Spec: []byte(broken)}); err == nil || !strings.Contains(err.Error(), "components/schemas/No") {
		t.Errorf("%v, %v", r, err)
	}
}

// TestOmittedFindingsStillFail checks that findings beyond a bound are counted, and that
// every format reports the number of omitted findings.
func TestOmittedFindingsStillFail(t *testing.T) {
	for _, test := range []struct {
		name             string
		exchanges, each  int
		padding          string // of every name
		listed, findings int
	}{
		{"of an exchange", 1, maxExchangeFindings + 20, "", maxExchangeFindings, maxExchangeFindings + 20},
		{"of a report", 3, maxExchangeFindings, "", maxFindings, maxFindings + maxExchangeFindings},
		{"their text", 3, maxExchangeFindings, strings.Repeat("n", maxName), -1, maxFindings + maxExchangeFindings},
	} {
		fsys := fstest.MapFS{}
		for n := range test.exchanges {
			name := func(i int) string { return fmt.Sprintf(`"k%d_%d%s":1`, n, i, test.padding) }
			for _, file := range documentedFS(t, getGCP, `"cloudProvider"`, limitstest.List(test.each, name)+`,"cloudProvider"`, "Content-Length: ", "X-Length: ") {
				fsys[fmt.Sprintf("%d.http", n)] = file
			}
		}
		r, err := Verify(fsys, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if test.listed < 0 {
			if test.listed = len(r.Findings); test.listed == 0 || test.listed >= maxFindings {
				t.Errorf("%s: %d are listed", test.name, test.listed)
			}
		}
		omitted := test.findings - test.listed
		if len(r.Findings) != test.listed || r.Summary.Omitted != omitted || r.Summary.Errors != test.findings || omitted == 0 {
			t.Errorf("%s: %d findings, summary %+v", test.name, len(r.Findings), r.Summary)
		}
		for _, format := range []Format{Text, JSON, JUnit, SARIF, GitHub, Markdown, HTML} {
			var b strings.Builder
			if err := r.Write(&b, format); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(b.String(), strconv.Itoa(omitted)) {
				t.Errorf("%s: %s does not report %d findings that are not listed", test.name, format, omitted)
			}
			if b.Len() > 12<<20 {
				t.Errorf("%s: %s has %d bytes", test.name, format, b.Len())
			}
		}
	}
}
