package exportbuckets_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// This file contains the Go snippets of README.md, so that they are compiled and run.

func newClient(ctx context.Context, clientID, clientSecret string) error {
	c, err := client.New(client.ServiceAccount(clientID, clientSecret))
	if err != nil {
		return err
	}
	return c.Close(ctx)
}

func listBuckets(ctx context.Context, c *client.Client, projectID string) error {
	for bucket, err := range c.List(ctx, projectID, nil) {
		if err != nil {
			return err
		}
		switch target := bucket.Target.(type) {
		case client.AWS:
			fmt.Println(bucket.ID, "S3", target.BucketName, target.IAMRoleID)
		case client.Azure:
			fmt.Println(bucket.ID, "Azure", target.ServiceURL)
		case client.GCP:
			fmt.Println(bucket.ID, "GCS", target.BucketName)
		case client.Unknown:
			fmt.Println(bucket.ID, "a provider newer than this client:", target.Raw)
		}
	}
	return nil
}

func TestREADMEListRuns(t *testing.T) {
	atlas := fakeatlas.New(t, fakeatlas.Buckets(3, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	if err := newClient(t.Context(), atlas.ClientID, atlas.ClientSecret); err != nil {
		t.Error(err)
	}
	c, err := client.New(client.ServiceAccount(atlas.ClientID, atlas.ClientSecret), client.WithBaseURL(atlas.URL))
	if err != nil {
		t.Fatal(err)
	}
	if err := listBuckets(t.Context(), c, atlas.ProjectID); err != nil {
		t.Error(err)
	}
}

func TestMissingBucket(t *testing.T) {
	atlas := fakeatlas.New(t, fakeatlas.Buckets(3))
	c, err := client.New(client.APIKey(atlas.PublicKey, atlas.PrivateKey), client.WithBaseURL(atlas.URL))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), atlas.ProjectID, "0123456789abcdef01234567"); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("got %v, want not found", err)
	}
}

func TestREADMESnippetsCompile(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("readme_test.go")
	if err != nil {
		t.Fatal(err)
	}
	compiled := make(map[string]bool)
	for line := range strings.Lines(string(source)) {
		compiled[strings.TrimSpace(line)] = true
	}
	blocks := strings.Split(string(readme), "```go\n")[1:]
	if len(blocks) < 2 {
		t.Fatalf("README.md has %d Go snippets, want at least 2", len(blocks))
	}
	for _, block := range blocks {
		snippet, _, _ := strings.Cut(block, "```")
		for line := range strings.Lines(snippet) {
			if line = strings.TrimSpace(line); !compiled[line] {
				t.Errorf("README.md has a line that this file lacks: %s", line)
			}
		}
	}
}
