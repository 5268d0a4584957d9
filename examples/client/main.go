// Command client makes sure that a project has an S3 export bucket, and lists
// the buckets of the project. Credentials come from the variables that the
// Atlas CLI and Terraform use, such as MONGODB_ATLAS_PUBLIC_API_KEY and
// MONGODB_ATLAS_PRIVATE_API_KEY.
//
//	client PROJECT-ID BUCKET-NAME IAM-ROLE-ID
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/atlas-exportbuckets/exportbuckets/client"
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
	if len(args) != 3 {
		return errors.New("usage: client PROJECT-ID BUCKET-NAME IAM-ROLE-ID")
	}
	c, err := client.FromEnv()
	if err != nil {
		return err
	}
	// If Close fails, the token stays valid until it expires.
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	project, want := args[0], client.AWS{BucketName: args[1], IAMRoleID: args[2]}
	bucket, created, err := c.Ensure(ctx, project, want)
	switch {
	case errors.Is(err, client.ErrForbidden):
		return fmt.Errorf("adding a bucket needs the role Project Backup Manager: %w", err)
	case err != nil:
		return err
	}
	for b, err := range c.List(ctx, project, nil) {
		if err != nil {
			return err
		}
		fmt.Print(b.ID, " ", describe(b.Target))
		if created && b.ID == bucket.ID {
			fmt.Print(" (new)")
		}
		fmt.Println()
	}
	return nil
}

func describe(target client.Target) string {
	switch t := target.(type) {
	case client.AWS:
		return "s3://" + t.BucketName
	case client.Azure:
		return t.ServiceURL
	case client.GCP:
		return "gs://" + t.BucketName
	case client.Unknown:
		return "a provider that this version does not know: " + t.Raw
	}
	return ""
}
