package main

import (
	"cmp"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/demo"
)

func newDemoCommand() *cobra.Command {
	var opts demo.Options
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run the whole flow in one process, without an account or a network",
		Long: `Starts a fake Atlas in this process, lists, creates, gets, updates and deletes export
buckets with the client (an API key and a service account), records the exchanges, and
verifies the recording against the contract. Then it changes one value of the recording,
to show that the verification finds it.`,
		Example: `  exportbuckets demo
  exportbuckets demo --keep demo-recording && exportbuckets verify demo-recording`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := &stickyWriter{out: cmd.OutOrStdout()}
			needsGrace(cmd.Context())
			return cmp.Or(demo.Run(cmd.Context(), out, opts), out.err)
		},
	}
	cmd.Flags().StringVar(&opts.Keep, "keep", "", "folder to keep the recording in")
	return cmd
}
