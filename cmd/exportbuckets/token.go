package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

type tokenFlags struct {
	bucketFlags
	format textOrJSON
}

func newTokenCommand() *cobra.Command {
	flags := tokenFlags{bucketFlags: bucketFlags{version: string(client.V20240530), output: formatTable}}
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print an access token of a service account",
		Long: `Asks Atlas for an access token of a service account and prints it. Without a token, each
run of a bucket verb with a service account asks for one and revokes it at its end, but
Atlas allows only 10 token requests per minute. Set MONGODB_ATLAS_ACCESS_TOKEN to use one
token for many runs.

The token is a secret. It expires within an hour; this command does not revoke it.

Credentials: see ` + "`exportbuckets help credentials`" + `.

` + exitCodeTable(exitHolds, exitFailure, exitRefused, exitRateLimited, exitUnavailable, exitInterrupted, exitClosedPipe),
		Example: `  export MONGODB_ATLAS_ACCESS_TOKEN=$(exportbuckets token)
  exportbuckets token --profile work --output json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return flags.runToken(cmd) },
	}
	flags.format.register(cmd)
	flags.connectionFlags.register(cmd)
	return cmd
}

func (f *tokenFlags) runToken(cmd *cobra.Command) error {
	return f.run(cmd, operation{doing: "get an access token", method: http.MethodPost, issuesToken: true, run: f.print})
}

// print asks for a token and prints it, as JSON in the form of the token endpoint.
func (f *tokenFlags) print(ctx context.Context, s *session) error {
	token, err := s.client.IssueToken(ctx)
	if err != nil {
		return err
	}
	if f.format != "json" {
		_, err = fmt.Fprintln(s.out, token.AccessToken)
		return err
	}
	data, err := json.MarshalIndent(struct {
		AccessToken string    `json:"access_token"`
		TokenType   string    `json:"token_type"`
		Expires     time.Time `json:"expires"`
	}{token.AccessToken, "Bearer", token.Expiry.UTC().Truncate(time.Second)}, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s\n", data)
	return err
}
