package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// fixedResponse is a transport that always returns the same response, and keeps the query.
func fixedResponse(status int, body string, query *string) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		*query = req.URL.RawQuery
		return &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {"application/vnd.atlas.2024-05-30+json"}},
			Body: io.NopCloser(strings.NewReader(body)), Request: req,
		}, nil
	})
}

func TestRawResponses(t *testing.T) {
	const id = "64f1c0ffee00000000000002"
	const bucket = `{"_id":"` + id + `","bucketName":"b","cloudProvider":"GCP","roleId":"` + id + `"}`
	for name, c := range map[string]struct {
		status  int
		body    string
		printed bool
		wrong   string // in the error; "" for none
	}{
		"bare":                     {200, bucket, true, ""},
		"enveloped":                {200, `{"status":200,"envelope":` + bucket + `}`, true, ""},
		"error":                    {404, `{"error":404,"errorCode":"EXPORT_BUCKET_NOT_FOUND"}`, false, "EXPORT_BUCKET_NOT_FOUND"},
		"error in an envelope":     {404, `{"status":404,"envelope":{"error":404,"errorCode":"EXPORT_BUCKET_NOT_FOUND"}}`, false, "EXPORT_BUCKET_NOT_FOUND"},
		"error behind a 200":       {200, `{"status":404,"envelope":{"error":404,"errorCode":"EXPORT_BUCKET_NOT_FOUND"}}`, false, "404 Not Found EXPORT_BUCKET_NOT_FOUND"},
		"nonsense":                 {200, `<html>`, true, "cannot be read"},
		"an invalid status":        {200, `{"status":7,"envelope":` + bucket + `}`, true, "cannot be read"},
		"more than a client reads": {200, `"` + strings.Repeat("x", client.DefaultMaxResponseBytes) + `"`, false, "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			var query string
			raw := &rawResponses{method: http.MethodGet, envelope: true, pretty: true, out: &out}
			api, err := client.New(client.AccessToken("token"), client.WithHTTPClient(&http.Client{Transport: fixedResponse(c.status, c.body, &query)}),
				client.WithMiddleware(raw.middleware))
			if err != nil {
				t.Fatal(err)
			}
			b, err := api.Get(t.Context(), id, id)
			switch {
			case c.wrong == "" && (err != nil || b.ID != id):
				t.Errorf("%v, %v", b, err)
			case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
				t.Errorf("got %v, want %q", err, c.wrong)
			}
			if want := c.body + "\n"; c.printed != (out.String() == want) {
				t.Errorf("printed %.200q", out.String())
			}
			if query != "envelope=true&pretty=true" {
				t.Errorf("asked with %q", query)
			}
		})
	}
}

// Responses to other methods are not printed.
func TestRawResponsesOfOneMethod(t *testing.T) {
	var out bytes.Buffer
	var query string
	raw := &rawResponses{method: http.MethodDelete, envelope: true, out: &out}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/?a=b", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := raw.middleware(fixedResponse(200, `{"status":200,"envelope":{}}`, &query)).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || string(body) != `{"status":200,"envelope":{}}` || out.Len() != 0 || query != "a=b" {
		t.Errorf("%v: body %s, printed %q, asked %q", err, body, out.String(), query)
	}
}

// No control character of a response reaches a terminal.
func TestRawResponsesAreEscapedOnTerminals(t *testing.T) {
	var out bytes.Buffer
	raw := &rawResponses{out: &out, onTerminal: true}
	raw.print([]byte("{\"a\":\"\x1b[2J\u202e\u009b\"}"))
	if got := out.String(); got != "{\"a\":\"\\u001b[2J\\u202e\\u009b\"}\n" {
		t.Errorf("printed %q", got)
	}
}

func FuzzUnwrap(f *testing.F) {
	f.Add([]byte(`{"status":404,"envelope":{"a":[1]}}`), 200)
	f.Add([]byte(`{"status":200,"results":[]}`), 200)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		res := &http.Response{StatusCode: status}
		inner := unwrap(res, body)
		if !bytes.Equal(inner, body) && !json.Valid(inner) {
			t.Errorf("%q unwraps to %q", body, inner)
		}
		if res.StatusCode != status && (res.StatusCode < 100 || res.StatusCode > 599) {
			t.Errorf("%q sets the status %d", body, res.StatusCode)
		}
	})
}
