package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"

	"example.com/clusters/atlas"
)

const project = "0123456789abcdef01234567"

// clusters is a fake Atlas with two clusters. It responds to the first request of each
// method with 429.
func clusters(t *testing.T) *httptest.Server {
	refused := map[string]bool{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !refused[r.Method] {
			refused[r.Method] = true
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		w.Header().Set("Content-Type", r.Header.Get("Accept"))
		switch r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/atlas/v2/groups/"+project) {
		case "GET /clusters":
			_, _ = io.WriteString(w, `{"results":[{"name":"blue"},{"name":"green"}],"totalCount":2}`)
		case "POST /databaseUsers":
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write(body)
		default:
			t.Errorf("unexpected request: %s %s", r.Method, r.URL)
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

func TestClusters(t *testing.T) {
	srv := clusters(t)
	hc, err := client.NewHTTPClient(client.AccessToken("token"), client.WithBaseURL(srv.URL), client.WithRetryPolicy(client.RetryPolicy{RateLimitDelay: 1}))
	if err != nil {
		t.Fatal(err)
	}
	defer hc.CloseIdleConnections()
	api, err := atlas.NewClientWithResponses(srv.URL, atlas.WithHTTPClient(hc))
	if err != nil {
		t.Fatal(err)
	}
	names, err := clusterNames(context.Background(), api, project)
	if err != nil || !slices.Equal(names, []string{"blue", "green"}) {
		t.Errorf("got %v, %v", names, err)
	}
	if err := createReader(context.Background(), api, project, "reader", "not-a-real-password"); err != nil {
		t.Error(err)
	}
}
