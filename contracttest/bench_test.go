package contracttest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/internal/corpus"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// BenchmarkVerify validates a HAR of 2,000 exchanges with different ids and names. It
// reports the ratio ("kin/ours") to the time of a plain loop over encoding/json and
// kin-openapi for the same file, which checks less.
func BenchmarkVerify(b *testing.B) {
	har := largeHAR(b, 2000)
	fsys := fstest.MapFS{"session.har": {Data: har}}
	b.SetBytes(int64(len(har)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := Verify(fsys, Options{})
		if err != nil || r.Summary.Checked != 2000 || r.Summary.Errors != 0 {
			b.Fatalf("%+v, %v", r.Summary, err)
		}
	}
	ours := b.Elapsed() / time.Duration(b.N)
	start := time.Now()
	plainLoop(b, har)
	b.ReportMetric(float64(time.Since(start))/float64(ours), "kin/ours")
}

// BenchmarkValidate validates one page of a hundred buckets with the fast path and with the slow
// path, which uses kin-openapi. It reports the ratio "slow/fast".
func BenchmarkValidate(b *testing.B) {
	x := readHAR(b)[1]
	j, err := newValidator(Options{})
	if err != nil {
		b.Fatal(err)
	}
	broken := *x
	broken.Response.Body.Bytes = bytes.Replace(x.Response.Body.Bytes, []byte(`"totalCount":250`), []byte(`"totalCount":-1`), 1)
	measure := func(b *testing.B, x *recording.Exchange) time.Duration {
		b.SetBytes(int64(len(x.Response.Body.Bytes)))
		for b.Loop() {
			j.validate(x)
		}
		return b.Elapsed() / time.Duration(b.N)
	}
	var fast time.Duration
	b.Run("whole", func(b *testing.B) { fast = measure(b, x) })
	b.Run("broken", func(b *testing.B) { b.ReportMetric(float64(measure(b, &broken))/float64(max(fast, 1)), "slow/fast") })
}

func largeHAR(b *testing.B, entries int) []byte {
	b.Helper()
	seed, err := os.ReadFile("testdata/documented/2024-05-30/session.har")
	if err != nil {
		b.Fatal(err)
	}
	var har bytes.Buffer
	if err := corpus.Multiply(&har, entries, seed); err != nil {
		b.Fatal(err)
	}
	return har.Bytes()
}

func readHAR(b *testing.B) []*recording.Exchange {
	b.Helper()
	r := recording.NewReader(recording.Paths("testdata/documented/2024-05-30/session.har"), recording.Options{})
	var all []*recording.Exchange
	for x, err := range r.Exchanges(context.Background()) {
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, x)
	}
	return all
}

// plainLoop validates a recording as a program would that uses only kin-openapi.
func plainLoop(b *testing.B, har []byte) {
	b.Helper()
	doc, err := openapi.Load(openapi.V20240530)
	if err != nil {
		b.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		b.Fatal(err)
	}
	var file plainHAR
	if err := json.Unmarshal(har, &file); err != nil {
		b.Fatal(err)
	}
	for _, e := range file.Log.Entries {
		if err := e.validate(router); err != nil {
			b.Fatal(err)
		}
	}
}

type plainHAR struct {
	Log struct{ Entries []plainEntry }
}

type plainEntry struct {
	Request  struct{ Method, URL string }
	Response struct {
		Status  int
		Headers []struct{ Name, Value string }
		Content struct{ Text string }
	}
}

func (e *plainEntry) validate(router routers.Router) error {
	req, err := http.NewRequest(e.Request.Method, e.Request.URL, nil)
	if err != nil {
		return err
	}
	route, path, err := router.FindRoute(req)
	if err != nil {
		return err
	}
	header := http.Header{}
	for _, h := range e.Response.Headers {
		header.Add(h.Name, h.Value)
	}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: path, Route: route},
		Status:                 e.Response.Status,
		Header:                 header,
		Body:                   io.NopCloser(bytes.NewReader([]byte(e.Response.Content.Text))),
		Options:                &openapi3filter.Options{MultiError: true, IncludeResponseStatus: true},
	})
}
