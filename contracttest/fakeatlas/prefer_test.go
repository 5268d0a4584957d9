package fakeatlas_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

func TestPrefer(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	c := bearer(t, srv)
	for _, tt := range []struct {
		prefer  string
		status  int
		applied string
	}{
		{"code=503", 503, "code=503"},
		{`code="404"`, 404, `code="404"`},
		{"respond-async, code=500", 500, "code=500"},
		{"version=2023-01-01, field=color", 200, "version=2023-01-01, field=color"},
		{"code=200", 200, ""},
		{"code=lots", 200, ""},
		{"wait=10", 200, ""},
		{"status=400; code=EXPORT_BUCKET_NAME_INVALID", 400, "status=400; code=EXPORT_BUCKET_NAME_INVALID"},
		{"status=400, code=EXPORT_BUCKET_NAME_INVALID", 400, "status=400; code=EXPORT_BUCKET_NAME_INVALID"},
		{`code=409; code=CONFLICT; detail="a, b; c"; parameters=["x",1]; color=red`, 409, `code=409; code=CONFLICT; detail="a, b; c"; parameters=["x",1]`},
		{"code=503; on=list", 200, ""},
		{"code=503; times=2", 503, "code=503"},
		{"code=CONFLICT", 200, ""},
		{"latency=0s; code=CONFLICT", 200, "latency=0s"},
	} {
		got := c.ask("GET", bucketID, "", "Prefer: "+tt.prefer)
		if got.status != tt.status || got.header.Get("Preference-Applied") != tt.applied {
			t.Errorf("%s: %d, applied %q", tt.prefer, got.status, got.header.Get("Preference-Applied"))
		}
	}
}

// The Prefer header may set every part of an error.
func TestPreferAnError(t *testing.T) {
	c := bearer(t, fakeatlas.New(t, fakeatlas.Buckets(1)))
	got := c.ask("GET", bucketID, "", `Prefer: status=409; code=CONFLICT; detail="No, \"not\" now."; parameters=["x", 1, null]`)
	want := `{"detail":"No, \"not\" now.","error":409,"errorCode":"CONFLICT","parameters":["x",1,null],"reason":"Conflict"}`
	if got.body != want || got.header.Get("X-Error-Code") != "CONFLICT" {
		t.Errorf("%s\nwant %s", got.body, want)
	}
}

// The first request of a Digest exchange has the same Prefer header, and the fault does not
// apply to it. Otherwise the client would never send its credentials.
func TestPreferAndDigestChallenge(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	if got := plain(t, srv).ask("GET", "", "", "Prefer: code=503"); got.status != 401 || got.header.Get("Preference-Applied") != "" {
		t.Errorf("without credentials: %d, applied %q", got.status, got.header.Get("Preference-Applied"))
	}
	if got := plain(t, srv).ask("GET", "", "", "Prefer: code=503; on=challenge"); got.status != 503 {
		t.Errorf("without credentials, with a fault on the challenge: %d", got.status)
	}
	got := newCaller(t, srv).ask("GET", "", "", "Prefer: field=color")
	if got.status != 200 || !strings.Contains(got.body, "color") {
		t.Errorf("with an API key: %d %s", got.status, got.body)
	}
	var served []string
	for _, r := range srv.Requests()[2:] {
		served = append(served, strconv.Itoa(r.Status)+" "+r.Fault)
	}
	if diff := cmp.Diff([]string{"401 ", "200 field=color"}, served); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
