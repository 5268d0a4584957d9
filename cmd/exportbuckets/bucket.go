package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// connectionFlags are the flags of every verb that sends requests to Atlas.
type connectionFlags struct {
	baseURL     string
	timeout     time.Duration
	verbose     bool
	credentials credentialFlags
}

func (f *connectionFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.baseURL, "base-url", "", "base URL of Atlas (default "+client.DefaultBaseURL+")")
	flags.DurationVar(&f.timeout, "timeout", 0, "time limit for the whole command, including retries, such as 30s (default no limit)")
	flags.BoolVar(&f.verbose, "verbose", false, "log every API call to standard error")
	f.credentials.register(cmd)
	for _, name := range []string{"base-url", "timeout"} {
		completeFlag(cmd, name, cobra.NoFileCompletions)
	}
}

// bucketFlags are the flags that the verbs list, get, create, update and delete
// share.
type bucketFlags struct {
	connectionFlags
	projectID        string
	version          string
	output           string
	envelope, pretty bool
	record           string
	dryRun           bool // only for the verbs that change something
}

func (f *bucketFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.projectID, "project-id", "", "id of the project, 24 hex digits (default: the one set with the credentials)")
	flags.StringVar(&f.version, "api-version", string(client.V20240530), "API version to request: "+strings.Join(apiVersions, ", "))
	flags.StringVarP(&f.output, "output", "o", formatTable, "output format: "+strings.Join(outputFormats, ", "))
	flags.BoolVar(&f.envelope, "envelope", false, "send envelope=true and print Atlas's response unchanged")
	flags.BoolVar(&f.pretty, "pretty", false, "send pretty=true and print Atlas's response unchanged")
	flags.StringVar(&f.record, "record", "", "folder to record the exchanges in, without secrets, for the verb verify")
	f.connectionFlags.register(cmd)
	completeFlag(cmd, "output", cobra.FixedCompletions(outputFormats, cobra.ShellCompDirectiveNoFileComp))
	completeFlag(cmd, "api-version", cobra.FixedCompletions(apiVersions, cobra.ShellCompDirectiveNoFileComp))
	completeFlag(cmd, "project-id", cobra.NoFileCompletions)
}

// registerDryRun adds --dry-run.
func (f *bucketFlags) registerDryRun(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the request that would make the change, and do not send it")
}

var apiVersions = []string{string(client.V20240530), string(client.V20230101), string(client.V1)}

// completeFlag registers a completion. It panics if the flag does not exist.
func completeFlag(cmd *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err)
	}
}

// raw reports whether Atlas's own responses are printed.
func (f *bucketFlags) raw() bool { return f.envelope || f.pretty }

// check returns an error for invalid values and combinations of flags, before anything
// is sent.
func (f *bucketFlags) check(cmd *cobra.Command) error {
	if !slices.Contains(outputFormats, f.output) {
		return fmt.Errorf("--output must be %s; got %s", oneOf(outputFormats), quoteFlag(f.output))
	}
	if !slices.Contains(apiVersions, f.version) {
		return fmt.Errorf("--api-version must be %s; got %s", oneOf(apiVersions), quoteFlag(f.version))
	}
	if f.timeout < 0 {
		return fmt.Errorf("--timeout %s: must not be negative", f.timeout)
	}
	if f.raw() && cmd.Flags().Changed("output") && f.output != formatJSON {
		return errors.New("--envelope and --pretty print Atlas's own JSON: do not pass --output")
	}
	return nil
}

// bucketID checks the argument of the verbs that take one bucket, BUCKET_ID.
func bucketID(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return fmt.Errorf("name the export bucket by its id: %s BUCKET_ID; `exportbuckets list` shows the ids", cmd.CommandPath())
	case len(args) > 1 && (args[1] == "true" || args[1] == "false"):
		return fmt.Errorf("write --require-private-networking=%s, with an equals sign", args[1])
	case len(args) > 1:
		return fmt.Errorf("%s takes one export bucket, not %d", cmd.Name(), len(args))
	}
	return nil
}
