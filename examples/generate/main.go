// Command generate lists the export buckets of a project with a generated client.
// Credentials come from the variables that the Atlas CLI and Terraform use, such as
// MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET.
//
//	generate PROJECT-ID
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/atlas-exportbuckets/exportbuckets/client"

	"example.com/generate/atlas"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: generate PROJECT-ID")
	}
	auth, err := client.AuthFromEnv()
	if err != nil {
		return err
	}
	base := cmp.Or(os.Getenv("MONGODB_ATLAS_BASE_URL"), client.DefaultBaseURL)
	hc, err := client.NewHTTPClient(auth, client.WithBaseURL(base))
	if err != nil {
		return err
	}
	defer func() { _ = client.CloseHTTPClient(context.WithoutCancel(ctx), hc) }() // revokes the token
	c, err := atlas.NewClientWithResponses(base, atlas.WithHTTPClient(hc))
	if err != nil {
		return err
	}
	return list(ctx, c, args[0])
}

// itemsPerPage is the size of the pages that list requests: the maximum of Atlas.
const itemsPerPage = 500

// list prints the export buckets of a project. A page that is not full is the last one.
func list(ctx context.Context, c *atlas.ClientWithResponses, projectID string) error {
	for page := 1; ; page++ {
		response, err := c.ListExportBucketsWithResponse(ctx, projectID, &atlas.ListExportBucketsParams{
			ItemsPerPage: client.Ptr(itemsPerPage), PageNum: client.Ptr(page),
		})
		if err != nil {
			return err
		}
		if response.JSON200 == nil {
			return fmt.Errorf("list: %s: %s", response.Status(), response.Body)
		}
		for _, bucket := range response.JSON200.Results {
			if err := show(bucket); err != nil {
				return err
			}
		}
		if len(response.JSON200.Results) < itemsPerPage {
			return nil
		}
	}
}

func show(bucket atlas.ExportBucket) error {
	target, err := bucket.ValueByDiscriminator()
	if err != nil {
		return err
	}
	switch t := target.(type) {
	case atlas.AWSExportBucket:
		fmt.Println(t.ID, "s3://"+t.BucketName)
	case atlas.AzureExportBucket:
		fmt.Println(t.ID, t.ServiceURL)
	case atlas.GCPExportBucket:
		fmt.Println(t.ID, "gs://"+t.BucketName)
	case json.RawMessage:
		fmt.Printf("%s\n", t) // a provider that is newer than this code
	}
	return nil
}
