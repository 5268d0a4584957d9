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

	"github.com/atlas-exportbuckets/exportbuckets/client"

	"example.com/generate/atlas"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
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
	defer func() { _ = client.CloseHTTPClient(ctx, hc) }() // revokes the token
	c, err := atlas.NewClientWithResponses(base, atlas.WithHTTPClient(hc))
	if err != nil {
		return err
	}
	response, err := c.ListExportBucketsWithResponse(ctx, args[0], &atlas.ListExportBucketsParams{})
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
	return nil
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
