package contract

import (
	"errors"
	"flag"
	"maps"
	"os"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// The fake has three pages of buckets, and fails for a moment.
func TestEveryBucketCounts(t *testing.T) {
	srv := fakeatlas.New(t,
		fakeatlas.Buckets(1100, fakeatlas.AWS, fakeatlas.GCP),
		fakeatlas.Inject(fakeatlas.Status(503).On(fakeatlas.OpList).Times(1)),
	)
	got, err := CountByProvider(t.Context(), dial(t, srv), srv.ProjectID)
	if want := map[client.CloudProvider]int{client.ProviderAWS: 550, client.ProviderGCP: 550}; err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestNoSuchProject(t *testing.T) {
	srv := fakeatlas.New(t)
	if _, err := CountByProvider(t.Context(), dial(t, srv), "0123456789abcdef01234567"); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("got %v, want not found", err)
	}
}

func dial(t *testing.T, srv *fakeatlas.Server) *client.Client {
	t.Helper()
	c, err := client.New(client.APIKey(srv.PublicKey, srv.PrivateKey), client.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every field of the recorded responses conforms to the contract.
func TestRecordings(t *testing.T) {
	contracttest.Run(t, os.DirFS("testdata/recordings"), contracttest.Options{})
}

var record = flag.Bool("record", false, "record testdata/recordings again, with the base URL and the credentials from the environment")

// TestRecord makes the recordings; MONGODB_ATLAS_PROJECT_ID names the project.
// The recordings contain no credentials and do not name the project.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("only with -record")
	}
	rec, err := contracttest.NewRecorder("testdata/recordings", contracttest.RecorderOptions{Name: "list"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.FromEnv(client.WithMiddleware(rec.Middleware))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CountByProvider(t.Context(), c, ""); err != nil {
		t.Error(err)
	}
	if err := rec.Close(); err != nil {
		t.Error(err)
	}
}
