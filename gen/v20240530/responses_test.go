package v20240530_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/oauth2/clientcredentials"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	api "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

const (
	project = "5f1e0c2ab7d94e6c83aa10f2"
	bucket  = "6b20e9d4c1874fa5b92e7710"
	dated   = "application/vnd.atlas.2024-05-30+json"
	azure   = `{"_id":"6b20e9d4c1874fa5b92e7710","bucketName":"snaps","cloudProvider":"AZURE","roleId":"6b20e9d4c1874fa5b92e7711",` +
		`"serviceUrl":"https://example12345.blob.core.windows.net/snaps","tenantId":"1b4e28ba-2fa1-41d2-883f-0016d3cca427"}`
)

// respond returns a client for a server that always sends one response.
func respond(t *testing.T, handler http.HandlerFunc) *api.ClientWithResponses {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	c, err := api.NewClientWithResponses(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStatusIsKept(t *testing.T) {
	for _, tc := range []struct {
		what, contentType, body string
		status                  int
		fails                   string // part of the error, "" for none
	}{
		{"an HTML page of a proxy", "text/html", "<html>Bad Gateway</html>", 502, ""},
		{"an empty error", "", "", 401, ""},
		{"an error cut off", "application/json", `{"error":404,"errorC`, 404, ""},
		{"an undeclared status", "application/json", `{"error":418}`, 418, ""},
		{"a success cut off", dated, azure[:40], 200, "200 OK: decoding the body"},
		{"an empty success", dated, "", 200, "200 OK: decoding the body"},
		{"a login page", "text/html", "<html>", 200, `unexpected Content-Type "text/html"`},
	} {
		t.Run(tc.what, func(t *testing.T) {
			c := respond(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{tc.contentType}
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			})
			response, err := c.GetExportBucketWithResponse(t.Context(), project, bucket, nil)
			if response == nil || response.StatusCode() != tc.status || string(response.Body) != tc.body {
				t.Fatalf("got %+v, %v", response, err)
			}
			if (err == nil) != (tc.fails == "") || err != nil && !strings.Contains(err.Error(), tc.fails) {
				t.Errorf("error %v, want %q", err, tc.fails)
			}
			if response.JSON200 != nil || response.JSON404 != nil {
				t.Error("something was decoded")
			}
		})
	}
}

// A connection that breaks in the middle of a body is an error with a status.
func TestBodyThatBreaksOff(t *testing.T) {
	c := respond(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "half")
	})
	response, err := c.GetExportBucketWithResponse(t.Context(), project, bucket, nil)
	if err == nil || response == nil || response.StatusCode() != 500 || string(response.Body) != "half" {
		t.Errorf("got %+v, %v", response, err)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	slowtest.Skip(t)
	const limit = 64 << 20
	c := respond(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := make([]byte, 1<<20)
		for range limit>>20 + 1 {
			_, _ = w.Write(chunk)
		}
	})
	response, err := c.GetExportBucketWithResponse(t.Context(), project, bucket, nil)
	if err == nil || !strings.Contains(err.Error(), "larger than 67108864 bytes") || len(response.Body) != limit {
		t.Errorf("got %v", err)
	}
}

func TestContentTypesOfJSON(t *testing.T) {
	for _, contentType := range []string{dated, dated + ";charset=utf-8", "APPLICATION/JSON; charset=UTF-8", "application/problem+json"} {
		c := respond(t, func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Accept"); got != dated {
				t.Errorf("Accept is %q", got)
			}
			w.Header().Set("Content-Type", contentType)
			_, _ = io.WriteString(w, azure)
		})
		response, err := c.GetExportBucketWithResponse(t.Context(), project, bucket, nil)
		if err != nil || response.JSON200 == nil {
			t.Fatalf("%s: %v", contentType, err)
		}
	}
}

func TestUnion(t *testing.T) {
	var b api.ExportBucket
	if err := json.Unmarshal([]byte(azure), &b); err != nil {
		t.Fatal(err)
	}
	value, err := b.ValueByDiscriminator()
	if branch, ok := value.(api.AzureExportBucket); err != nil || !ok || branch.BucketName != "snaps" {
		t.Errorf("got %#v, %v", value, err)
	}
	if _, err := b.AsGCPExportBucket(); err == nil || !strings.Contains(err.Error(), `ExportBucket is not GCPExportBucket: the discriminator is "AZURE"`) {
		t.Errorf("another branch: %v", err)
	}
}

// A branch that is newer than the code is kept.
func TestUnionOfAnUnknownBranch(t *testing.T) {
	const oracle = `{"_id":"6b20e9d4c1874fa5b92e7710","cloudProvider":"OCI","namespace":"snaps"}`
	var b api.ExportBucket
	if err := json.Unmarshal([]byte(oracle), &b); err != nil {
		t.Fatal(err)
	}
	value, err := b.ValueByDiscriminator()
	if raw, ok := value.(json.RawMessage); err != nil || !ok || string(raw) != oracle {
		t.Errorf("got %#v, %v", value, err)
	}
	if again, err := json.Marshal(b); err != nil || string(again) != oracle {
		t.Errorf("encoded again: %s, %v", again, err)
	}
}

func TestUnionWithoutValue(t *testing.T) {
	if data, err := json.Marshal(api.ExportBucketRequest{}); err == nil {
		t.Errorf("encoded as %s", data)
	}
	var request api.ExportBucketRequest
	if err := request.FromGCPExportBucketRequest(api.GCPExportBucketRequest{BucketName: "snaps", RoleID: bucket}); err != nil {
		t.Fatal(err)
	}
	if got, err := request.Discriminator(); err != nil || got != "GCP" {
		t.Errorf("discriminator %q, %v", got, err)
	}
}

// The other way to authenticate: a service account, by a client of x/oauth2.
func TestServiceAccount(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1, fakeatlas.AWS))
	account := clientcredentials.Config{ClientID: srv.ClientID, ClientSecret: srv.ClientSecret, TokenURL: srv.URL + "/api/oauth/token"}
	c, err := api.NewClientWithResponses(srv.URL, api.WithHTTPClient(account.Client(context.Background())))
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.ListExportBucketsWithResponse(t.Context(), srv.ProjectID, nil)
	if err != nil || response.JSON200 == nil || len(response.JSON200.Results) != 1 {
		t.Errorf("got %+v, %v", response, err)
	}
	missing, err := c.GetExportBucketWithResponse(t.Context(), srv.ProjectID, bucket, nil)
	if err != nil || missing.JSON404 == nil || *missing.JSON404.ErrorCode != "EXPORT_BUCKET_NOT_FOUND" {
		t.Errorf("got %+v, %v", missing, err)
	}
}
