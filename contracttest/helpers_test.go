package contracttest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// TestMain makes garbage collection less frequent, which saves time, and checks that no
// goroutine is left. It ignores the clock of regexp2, which ends a second after the last time
// limit.
func TestMain(m *testing.M) {
	debug.SetGCPercent(1000)
	debug.SetMemoryLimit(1 << 30)
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
}

// documented reads one exchange of testdata/documented.
func documented(t *testing.T, name string) *recording.Exchange {
	t.Helper()
	all := readAll(t, recording.InFS(os.DirFS("testdata/documented"), name))
	if len(all) != 1 {
		t.Fatalf("%s contains %d exchanges, want 1", name, len(all))
	}
	return all[0]
}

func readAll(t *testing.T, in recording.Input) []*recording.Exchange {
	t.Helper()
	var all []*recording.Exchange
	for x, err := range recording.NewReader(in, recording.Options{}).Exchanges(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
	return all
}

// formatFindings returns findings as "rule keyword pointer-or-name", one per line.
func formatFindings(v *verdict) string {
	var lines []string
	for _, f := range v.findings.order {
		place := f.Pointer
		if place == "" {
			place = f.Name
		}
		line := strings.Join(strings.Fields(fmt.Sprint(f.Rule, " ", f.Keyword, " ", place)), " ")
		if f.Count > 1 {
			line += fmt.Sprintf(" x%d", f.Count)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func testValidator(t *testing.T, opts Options) *validator {
	t.Helper()
	j, err := newValidator(opts)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// An edit changes a valid exchange.
type edit func(x *recording.Exchange)

// body replaces text in the response's body. Missing text is a mistake in the test.
func body(pairs ...string) edit {
	return func(x *recording.Exchange) { x.Response.Body.Bytes = replaced(x.Response.Body.Bytes, pairs) }
}

func asked(pairs ...string) edit {
	return func(x *recording.Exchange) { x.Request.Body.Bytes = replaced(x.Request.Body.Bytes, pairs) }
}

func replaced(text []byte, pairs []string) []byte {
	s := string(text)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(s, pairs[i]) {
			panic(fmt.Sprintf("%q is not in %s", pairs[i], s))
		}
		s = strings.ReplaceAll(s, pairs[i], pairs[i+1])
	}
	return []byte(s)
}

func wholeBody(text string) edit {
	return func(x *recording.Exchange) { x.Response.Body = recording.Body{Bytes: []byte(text), Recorded: true} }
}

func responseHeader(name, value string) edit {
	return func(x *recording.Exchange) {
		if x.Response.Header.Del(name); value != "" {
			x.Response.Header.Set(name, value)
		}
	}
}

func requestHeader(name, value string) edit {
	return func(x *recording.Exchange) {
		if x.Request.Header.Del(name); value != "" {
			x.Request.Header.Set(name, value)
		}
	}
}

func status(code int) edit { return func(x *recording.Exchange) { x.Response.Status = code } }

func withMethod(name string) edit { return func(x *recording.Exchange) { x.Request.Method = name } }

func query(raw string) edit { return func(x *recording.Exchange) { x.Request.URL.RawQuery = raw } }

func withPath(old, replacement string) edit {
	return func(x *recording.Exchange) {
		x.Request.URL.Path = strings.Replace(x.Request.URL.Path, old, replacement, 1)
		x.Request.URL.RawPath = ""
	}
}

func all(edits ...edit) edit {
	return func(x *recording.Exchange) {
		for _, e := range edits {
			e(x)
		}
	}
}

var userPassword = url.UserPassword("pub", "2b1e8d7c-0000-4f6a-9d3e-5c4b3a291807")
