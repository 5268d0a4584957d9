package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

type updateFlags struct {
	bucketFlags
	privateNetworking bool
}

func newUpdateCommand() *cobra.Command {
	var flags updateFlags
	cmd := &cobra.Command{
		Use:   "update BUCKET_ID --require-private-networking[=false]",
		Short: "Change an export bucket on AWS",
		Long: `Changes whether exports to a bucket on AWS go over AWS PrivateLink, and shows the
updated bucket. Nothing else of an export bucket can be changed.

Credentials: see ` + "`exportbuckets help credentials`" + `.

` + bucketExitCodes(),
		Example: `  exportbuckets update 6657c1810000000001000001 --require-private-networking
  exportbuckets update 6657c1810000000001000001 --require-private-networking=false`,
		Args:              bucketID,
		ValidArgsFunction: flags.completeIDs,
		RunE:              func(cmd *cobra.Command, args []string) error { return flags.runUpdate(cmd, args[0]) },
	}
	cmd.Flags().BoolVar(&flags.privateNetworking, "require-private-networking", false, "export over AWS PrivateLink; with =false do not")
	flags.register(cmd)
	flags.registerDryRun(cmd)
	return cmd
}

func (f *updateFlags) runUpdate(cmd *cobra.Command, id string) error {
	var change client.Update
	if cmd.Flags().Changed("require-private-networking") {
		change.RequirePrivateNetworking = &f.privateNetworking
	}
	return f.run(cmd, operation{
		doing: "update export bucket " + quoteFlag(id), method: http.MethodPatch, changes: true,
		check: func(ctx context.Context, c *client.Client) error {
			_, err := c.Update(ctx, "", id, change)
			return err
		},
		run: func(ctx context.Context, s *session) error {
			if f.dryRun {
				if _, err := s.client.Get(ctx, "", id); err != nil {
					return err
				}
			}
			b, err := s.client.Update(ctx, "", id, change)
			if errors.Is(err, client.ErrBadRequest) {
				err = onlyAWS(ctx, s, id, err)
			}
			return s.show(b, err)
		},
	})
}

// onlyAWS returns an error that explains a refused update if the export bucket is not on
// AWS, else err.
func onlyAWS(ctx context.Context, s *session, id string, err error) error {
	b, getErr := s.client.Get(ctx, "", id)
	if getErr != nil {
		return err
	}
	if _, aws := b.Target.(client.AWS); aws {
		return err
	}
	return &exitError{exitFailure, fmt.Errorf("cannot update export bucket %s: it is on %s, and only export buckets on AWS can be updated", quoteFlag(id), detailText(string(b.Target.Provider())))}
}
