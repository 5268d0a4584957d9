package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// atlas starts a fake Atlas for an example and returns a client of it. Your program calls
// client.New(client.ServiceAccount(id, secret)) instead.
func atlas(opts ...fakeatlas.Option) (*client.Client, *fakeatlas.Server) {
	srv, err := fakeatlas.Start(opts...)
	if err != nil {
		panic(err)
	}
	c, err := client.New(client.ServiceAccount(srv.ClientID, srv.ClientSecret), client.WithBaseURL(srv.URL))
	if err != nil {
		panic(err)
	}
	return c, srv
}

// A service account, with the most common options.
func ExampleNew() {
	c, err := client.New(
		client.ServiceAccount("mdb_sa_id_…", "mdb_sa_sk_…"),
		client.WithUserAgent("nightly-report/1.4"),
		client.WithTimeout(20*time.Second),
		client.WithLogger(slog.Default()),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = c.Close(context.Background()) }() // revokes the token
	fmt.Println(c)
	// Output: exportbuckets client of https://cloud.mongodb.com, API version 2024-05-30, ServiceAccount("mdb_sa_id_…", …)
}

// An API key: its public and its private part.
func ExampleAPIKey() {
	auth := client.APIKey("abcdefgh", "00000000-0000-0000-0000-000000000000")
	fmt.Printf("%+v\n", auth) // no way of printing shows the private key
	// Output: APIKey("abcdefgh", …)
}

// The variables that the Atlas CLI and Terraform use.
func ExampleFromEnv() {
	_ = os.Setenv("MONGODB_ATLAS_PUBLIC_API_KEY", "abcdefgh")
	defer func() { _ = os.Unsetenv("MONGODB_ATLAS_PUBLIC_API_KEY") }()
	_, err := client.FromEnv()
	fmt.Println(err)
	// Output: exportbuckets: MONGODB_ATLAS_PUBLIC_API_KEY is set, MONGODB_ATLAS_PRIVATE_API_KEY or MONGODB_ATLAS_PRIVATE_KEY or MCLI_PRIVATE_API_KEY is not: set it too
}

// All buckets of a project, with the fields of each provider.
func ExampleClient_List() {
	c, srv := atlas(fakeatlas.Buckets(3, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	defer func() { _ = srv.Close() }()
	for b, err := range c.List(context.Background(), srv.ProjectID, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch t := b.Target.(type) {
		case client.AWS:
			fmt.Println(t.BucketName, "on AWS, by the role", t.IAMRoleID)
		case client.Azure:
			fmt.Println(t.BucketName, "on Azure, at", t.ServiceURL)
		case client.GCP:
			fmt.Println(t.BucketName, "on Google Cloud, by the role", t.RoleID)
		case client.Unknown:
			fmt.Println(b.BucketName(), "on", t.CloudProvider, t.Raw)
		}
	}
	// Output:
	// test-bucket on AWS, by the role c0fa4ea71a50000000000001
	// test-bucket on Azure, at https://fakeatlas.blob.core.windows.net/test-bucket
	// test-bucket on Google Cloud, by the role c0fa4ea71a50000000000001
}

// One page, for a user interface that shows pages.
func ExampleClient_ListPage() {
	c, srv := atlas(fakeatlas.Buckets(25))
	defer func() { _ = srv.Close() }()
	page, err := c.ListPage(context.Background(), srv.ProjectID, &client.ListOptions{ItemsPerPage: 10, PageNum: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Results), "of", page.TotalCount)
	// Output: 5 of 25
}

// A bucket's whole life.
func ExampleClient_Create() {
	c, srv := atlas()
	defer func() { _ = srv.Close() }()
	ctx := context.Background()
	b, err := c.Create(ctx, srv.ProjectID, client.AWS{
		BucketName:               "snapshots",
		IAMRoleID:                "0123456789abcdef01234567", // the id that Atlas assigned to the access role, not its ARN
		RequirePrivateNetworking: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err = c.Update(ctx, srv.ProjectID, b.ID, client.Update{RequirePrivateNetworking: client.Ptr(false)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%+v\n", b.Target)
	fmt.Println(c.Delete(ctx, srv.ProjectID, b.ID))
	// Output:
	// {BucketName:snapshots IAMRoleID:0123456789abcdef01234567 RequirePrivateNetworking:false Region:us-east-1}
	// <nil>
}

// Invalid arguments are reported before any request is sent.
func ExampleArgumentError() {
	c, srv := atlas()
	defer func() { _ = srv.Close() }()
	_, err := c.Create(context.Background(), srv.ProjectID, client.GCP{BucketName: "my", RoleID: "snapshots-writer"})
	fmt.Println(err)
	fmt.Println(errors.Is(err, client.ErrInvalidArgument))
	// Output:
	// exportbuckets: GCP.BucketName is "my", 2 characters long: it must have 3 to 63
	// exportbuckets: GCP.RoleID is "snapshots-writer": it must be 24 hexadecimal digits, lower case
	// true
}

// Errors match sentinels, and contain the error code and detail of Atlas.
func ExampleError() {
	c, srv := atlas(fakeatlas.Buckets(1))
	defer func() { _ = srv.Close() }()
	id := srv.Buckets(srv.ProjectID)[0].ID
	srv.SetInUse(srv.ProjectID, id, true) // a cluster exports to it
	err := c.Delete(context.Background(), srv.ProjectID, id)
	var e *client.Error
	switch {
	case errors.Is(err, client.ErrNotFound):
		fmt.Println("gone already")
	case errors.Is(err, client.ErrBucketInUse):
		fmt.Println("still in use")
	}
	if errors.As(err, &e) {
		fmt.Println(e.StatusCode, e.Code)
	}
	// Output:
	// still in use
	// 400 EXPORT_BUCKET_DELETE_FAILED_BUCKET_IN_USE
}

// Fewer and shorter retries than by default, for an interactive program.
func ExampleWithRetryPolicy() {
	c, err := client.New(client.AccessToken("…"),
		client.WithRetryPolicy(client.RetryPolicy{MaxAttempts: 2, MaxDelay: 2 * time.Second}))
	fmt.Println(c != nil, err)
	// Output: true <nil>
}

// Features that an older API version lacks are reported before any request is sent.
func ExampleWithAPIVersion() {
	c, err := client.New(client.AccessToken("…"), client.WithAPIVersion(client.V20230101))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.Create(context.Background(), "0123456789abcdef01234567", client.GCP{BucketName: "snapshots", RoleID: "0123456789abcdef01234567"})
	fmt.Println(err)
	// Output: exportbuckets: API version 2023-01-01 does not support a bucket on GCP: the default version 2024-05-30 does; remove WithAPIVersion("2023-01-01") or pass that version
}

// Metrics for every call.
func ExampleWithCallHook() {
	srv, err := fakeatlas.Start(fakeatlas.Buckets(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = srv.Close() }()
	c, err := client.New(client.APIKey(srv.PublicKey, srv.PrivateKey), client.WithBaseURL(srv.URL),
		client.WithCallHook(func(_ context.Context, call client.Call) {
			fmt.Println(call.Operation, call.StatusCode, call.Attempts, call.RateLimit.Remaining)
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _ = c.ListPage(context.Background(), srv.ProjectID, nil)
	// Output: listExportBuckets 200 1 1199
}

// Tracing: any http.RoundTripper can be the base transport. For OpenTelemetry, use
// otelhttp.NewTransport(http.DefaultTransport) of
// go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp.
func ExampleWithHTTPClient() {
	traced := roundTripper(func(r *http.Request) (*http.Response, error) {
		// … begin a span …
		return http.DefaultTransport.RoundTrip(r)
	})
	c, err := client.New(client.AccessToken("…"), client.WithHTTPClient(&http.Client{Transport: traced}))
	fmt.Println(c != nil, err)
	// Output: true <nil>
}

// Middleware sees every attempt of a call, without its credentials. Use it for recorders,
// and for headers that a gateway requires.
func ExampleWithMiddleware() {
	c, err := client.New(client.AccessToken("…"), client.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context()) // a RoundTripper must not change the request
			r.Header.Set("X-Team", "backup")
			return next.RoundTrip(r)
		})
	}))
	fmt.Println(c != nil, err)
	// Output: true <nil>
}

// fileTokens shares a service account's token between processes, in a file.
type fileTokens struct {
	path   string
	source client.TokenSource
}

// Token returns the token in the file while it is valid, else a new one.
func (f *fileTokens) Token(ctx context.Context) (*oauth2.Token, error) {
	tok := new(oauth2.Token)
	if data, err := os.ReadFile(f.path); err == nil && json.Unmarshal(data, tok) == nil && tok.Valid() {
		return tok, nil
	}
	tok, err := f.source.Token(ctx)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(tok)
	if err != nil {
		return nil, err
	}
	return tok, os.WriteFile(f.path, data, 0o600)
}

// Invalidate is called if Atlas refused the token.
func (f *fileTokens) Invalidate(*oauth2.Token) { _ = os.Remove(f.path) }

// Two processes that share a token: Atlas allows an account 10 token requests a
// minute and 100 active tokens.
func ExampleTokens() {
	srv, err := fakeatlas.Start(fakeatlas.Buckets(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = srv.Close() }()
	folder, _ := os.MkdirTemp("", "")
	defer func() { _ = os.RemoveAll(folder) }()
	for range 2 { // as two processes would
		c, err := client.New(client.Tokens(&fileTokens{
			path:   filepath.Join(folder, "token.json"),
			source: &clientcredentials.Config{ClientID: srv.ClientID, ClientSecret: srv.ClientSecret, TokenURL: srv.URL + "/api/oauth/token"},
		}), client.WithBaseURL(srv.URL))
		if err != nil {
			fmt.Println(err)
			return
		}
		_, err = c.ListPage(context.Background(), srv.ProjectID, nil)
		fmt.Println(err)
	}
	fmt.Println(countOf(srv, fakeatlas.OpToken), "token request")
	// Output:
	// <nil>
	// <nil>
	// 1 token request
}

// A deprecation notice of an API version, as a hook receives it.
func ExampleWithDeprecationHook() {
	srv, err := fakeatlas.Start(fakeatlas.Buckets(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = srv.Close() }()
	c, err := client.New(client.APIKey(srv.PublicKey, srv.PrivateKey), client.WithBaseURL(srv.URL), client.WithAPIVersion(client.V20230101),
		client.WithDeprecationHook(func(d client.Deprecation) {
			fmt.Println(d.Version, "may stop on", d.Sunset.Format(time.DateOnly))
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _ = c.ListPage(context.Background(), srv.ProjectID, nil)
	// Output: 2023-01-01 may stop on 2027-07-01
}
