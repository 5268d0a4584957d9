package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// An operation that package client does not have: listing the clusters of a project. Pass
// the http.Client to a generated client in the same way.
func ExampleNewHTTPClient() {
	// A small server takes the place of Atlas; for Atlas, omit WithBaseURL.
	atlas := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path, r.Header.Get("Authorization"))
	}))
	defer atlas.Close()
	hc, err := client.NewHTTPClient(client.AccessToken("eyJ…"), client.WithBaseURL(atlas.URL))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = client.CloseHTTPClient(context.Background(), hc) }()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, atlas.URL+"/api/atlas/v2/groups/6a793f752c88faeba59bba56/clusters", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("Accept", "application/vnd.atlas.2024-08-05+json")
	res, err := hc.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = res.Body.Close() }()
	fmt.Println(res.Status)
	// Output:
	// GET /api/atlas/v2/groups/6a793f752c88faeba59bba56/clusters Bearer eyJ…
	// 200 OK
}

// A program that runs repeatedly and needs one export bucket.
func ExampleClient_Ensure() {
	c, srv := atlas()
	defer func() { _ = srv.Close() }()
	target := client.AWS{BucketName: "snapshots", IAMRoleID: "6a793f752c88faeba59bba56"}
	for range 2 {
		b, created, err := c.Ensure(context.Background(), srv.ProjectID, target)
		if errors.Is(err, client.ErrOutcomeUnknown) {
			fmt.Println("check with List:", err)
			return
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(b.BucketName(), created)
	}
	// Output:
	// snapshots true
	// snapshots false
}
