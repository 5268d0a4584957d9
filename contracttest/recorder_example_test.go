package contracttest_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// A session is recorded, and the recording verified. The recording does not name the
// project.
func ExampleRecorder() {
	srv, err := fakeatlas.Start(fakeatlas.Project("5f1a2b3c4d5e6f708192a3b4"), fakeatlas.ProjectID("5f1a2b3c4d5e6f708192a3b4"))
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	dir, err := os.MkdirTemp("", "recordings")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	rec, err := contracttest.NewRecorder(dir, contracttest.RecorderOptions{Secrets: []string{srv.PrivateKey}})
	if err != nil {
		panic(err)
	}
	c, err := client.New(client.APIKey(srv.PublicKey, srv.PrivateKey), client.WithBaseURL(srv.URL), client.WithMiddleware(rec.Middleware))
	if err != nil {
		panic(err)
	}
	if _, err := c.ListPage(context.Background(), srv.ProjectID, nil); err != nil {
		panic(err)
	}
	if err := rec.Close(); err != nil {
		panic(err)
	}

	report, err := contracttest.VerifyPaths(context.Background(), contracttest.Options{}, dir)
	if err != nil {
		panic(err)
	}
	fmt.Println(report.Verdict())
	text, err := os.ReadFile(rec.Files()[0])
	if err != nil {
		panic(err)
	}
	fmt.Println("names the project:", strings.Contains(string(text), srv.ProjectID))
	// Output:
	// pass: 0 errors in 1 exchange of 1 file
	// names the project: false
}
