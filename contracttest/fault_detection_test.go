package contracttest

import (
	"io"
	"net/http"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// TestFaultsOfTheFakeAreReported injects each fault that changes a response into the fake
// Atlas, over HTTP. verify must report each of them.
func TestFaultsOfTheFakeAreReported(t *testing.T) {
	tests := []struct {
		name string
		lie  fakeatlas.Fault
		want string
	}{
		{"none", fakeatlas.Latency(0), ""},
		{"a new provider", fakeatlas.UnknownProvider("ORACLE"), "schema enum /results/0/cloudProvider x3"},
		{"a new field", fakeatlas.ExtraField("zone"), "undeclared-field /results/0/zone x3"},
		{"another version", fakeatlas.ResponseVersion("2023-01-01"), "media-type"},
		{"no version", fakeatlas.MediaType("application/json"), "media-type"},
		{"a page of HTML", fakeatlas.HTML(http.StatusBadGateway), "undeclared-status"},
		{"half a body", fakeatlas.Truncate(-1), "malformed-json"},
		{"no body", fakeatlas.Truncate(0), "missing-body"},
		{"an undeclared error", fakeatlas.Status(http.StatusConflict), "undeclared-status"},
		{"a declared one", fakeatlas.Status(http.StatusNotFound), ""},
	}
	j := testValidator(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fake := fakeatlas.New(t, fakeatlas.Buckets(3), fakeatlas.Inject(tt.lie))
			if got := formatFindings(j.validate(listOnce(t, fake))); got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// listOnce lists the fake's buckets and returns the exchange.
func listOnce(t *testing.T, fake *fakeatlas.Server) *recording.Exchange {
	t.Helper()
	token, err := fake.AccessToken()
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fake.URL+"/api/atlas/v2/groups/"+fake.ProjectID+"/backup/exportBuckets", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", atlas2024)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Del("Authorization")
	return &recording.Exchange{
		Request:  recording.Request{Method: req.Method, URL: req.URL, Header: req.Header},
		Response: recording.Response{Status: resp.StatusCode, Header: resp.Header, Body: recording.Body{Bytes: text, Recorded: true}},
	}
}
