package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

func newGetCommand() *cobra.Command {
	var flags bucketFlags
	cmd := &cobra.Command{
		Use:   "get BUCKET_ID",
		Short: "Show an export bucket",
		Long: `Shows an export bucket. For a bucket on AWS, the response has the region, which lists do
not have.

Credentials: see ` + "`exportbuckets help credentials`" + `.

` + bucketExitCodes(),
		Example: `  exportbuckets get 6657c1810000000001000001
  exportbuckets get 6657c1810000000001000001 --output yaml`,
		Args:              bucketID,
		ValidArgsFunction: flags.completeIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.run(cmd, operation{
				doing: "get export bucket " + quoteFlag(args[0]), method: http.MethodGet,
				check: func(ctx context.Context, c *client.Client) error {
					_, err := c.Get(ctx, "", args[0])
					return err
				},
				run: func(ctx context.Context, s *session) error {
					b, err := s.client.Get(ctx, "", args[0])
					return s.show(b, err)
				},
			})
		},
	}
	flags.register(cmd)
	return cmd
}

// show prints the bucket of a response, unless Atlas's own response was printed.
func (s *session) show(b *client.ExportBucket, err error) error {
	if err != nil || s.raw != nil {
		return err
	}
	return writeBucket(s.output, s.out, b)
}
