package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// completeTimeout bounds the time that a shell waits for completions.
const completeTimeout = 3 * time.Second

// completeIDs completes the ids of the first export buckets, if there are credentials
// without a prompt. After any error there are no completions.
func (f *bucketFlags) completeIDs(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 || f.prompt() || f.check(cmd) != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completeTimeout)
	defer cancel()
	found, err := f.credentials.find(ctx, &terminal{err: io.Discard})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	opts := append(f.options(slog.New(slog.DiscardHandler)), client.WithRetryPolicy(client.RetryPolicy{MaxAttempts: 1}))
	c, err := client.FromLookup(found.lookup, opts...)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer func() { _ = c.Close(ctx) }() // the token expires even if it is not revoked
	page, err := c.ListPage(ctx, "", nil)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ids := make([]cobra.Completion, len(page.Results))
	for i, b := range page.Results {
		about := fmt.Sprintf("%s on %s", b.BucketName(), b.CloudProvider())
		ids[i] = cobra.CompletionWithDesc(b.ID, termtext.Visible(about))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// prompt reports whether the command would ask for credentials or read them
// from standard input. A shell completion cannot do either.
func (f *bucketFlags) prompt() bool {
	return f.credentials.prompt || f.credentials.file == "-"
}
