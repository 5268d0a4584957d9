package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/google/go-cmp/cmp"
)

// FuzzDecode checks that no body makes decoding panic, and that a decoded value
// encodes to the same JSON.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		oneBucket, `{"_id":"x","cloudProvider":"X","new":[1.0,{"y":null}]}`, `{}`, `null`, `[]`, `{"_id":"\ud800"}`,
		`{"_id":"x","cloudProvider":"AZURE","roleId":"r","serviceUrl":"s","tenantId":"t","links":[{},null]}`,
		`{"_ID":"x","CLOUDPROVIDER":"GCP"}`, `{"_id":"x","_id":"y","cloudProvider":"AWS","cloudProvider":"GCP"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var b client.ExportBucket
		if json.Unmarshal(data, &b) != nil {
			return
		}
		out, err := json.Marshal(b)
		if err != nil {
			t.Fatalf("%+v doesn't encode: %v", b, err)
		}
		same, err := json.Marshal(json.RawMessage(data))
		if err != nil {
			t.Fatalf("%s is not JSON: %v", data, err)
		}
		if b.Target != nil && !bytes.Equal(out, same) {
			t.Errorf("%s became %s", data, out)
		}
		b.Raw = ""
		checkFields(t, b)
	})
}

// checkFields encodes the fields of a bucket without Raw and decodes them again.
func checkFields(t *testing.T, b client.ExportBucket) {
	t.Helper()
	out, err := json.Marshal(b)
	if err != nil {
		t.Fatalf("%+v doesn't encode: %v", b, err)
	}
	var again client.ExportBucket
	if err := json.Unmarshal(out, &again); err != nil {
		t.Fatalf("%s doesn't decode: %v", out, err)
	}
	if diff := cmp.Diff(b, again, cmp.FilterPath(func(p cmp.Path) bool { return strings.HasSuffix(p.String(), "Raw") }, cmp.Ignore())); diff != "" {
		t.Errorf("%s (-first +second)\n%s", out, diff)
	}
}

// FuzzResponse checks that no response to any call makes the client panic or hang, that
// the status is kept, and that the error is one line.
func FuzzResponse(f *testing.F) {
	f.Add(200, v2024, "", []byte(oneBucket))
	f.Add(200, v2024, "", []byte(pageOf(2, 1, 2)))
	f.Add(200, "text/html", "1", []byte("<html>"))
	f.Add(400, "application/json", "Thu, 1 Jul 2027 00:00:00 GMT", []byte(`{"error":400,"errorCode":"X","parameters":["a",1,null],"badRequestDetail":{"fields":null}}`))
	f.Add(401, ";", "-1", []byte(`{"error":"invalid_client","error_description":"\u001b[2J"}`))
	f.Add(429, "", "99999999999999999999", []byte(`{"badRequestDetail":{"fields":[{}]}}`))
	f.Add(302, "application/json", "", []byte(`{"errorCode":7}`))
	f.Add(204, "", "", []byte(nil))
	f.Fuzz(func(t *testing.T, status int, contentType, retryAfter string, body []byte) {
		status = 200 + abs(status)%400
		hc := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			w.Header()["Content-Type"] = []string{contentType}
			w.Header()["Retry-After"] = []string{retryAfter}
			w.Header()["Location"] = []string{retryAfter}
			w.Header()["Sunset"] = []string{retryAfter}
			w.WriteHeader(status)
			_, _ = w.Write(body)
			return w.Result(), nil
		})}
		c, err := client.New(client.AccessToken("s3cr3t-token"), client.WithHTTPClient(hc), once)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range operations {
			checkOutcome(t, op.call(t.Context(), c), status)
		}
	})
}

func checkOutcome(t *testing.T, err error, status int) {
	if err == nil {
		if status > 299 {
			t.Errorf("status %d returned no error", status)
		}
		return
	}
	var e *client.Error
	if !errors.As(err, &e) {
		if !strings.Contains(err.Error(), "ignores the page number") {
			t.Errorf("got %v (%T), want an *Error", err, err)
		}
		return
	}
	text := err.Error()
	if e.StatusCode != status && !errors.Is(err, client.ErrInvalidArgument) {
		t.Errorf("status %d became %d: %v", status, e.StatusCode, err)
	}
	if strings.ContainsFunc(text, unicode.IsControl) || strings.Contains(text, "s3cr3t") {
		t.Errorf("%q contains control characters or the token", text)
	}
	if e.RetryAfter < 0 || len(e.Body) > 8<<10 {
		t.Errorf("RetryAfter is %s, the body has %d bytes", e.RetryAfter, len(e.Body))
	}
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
