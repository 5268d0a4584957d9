package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// bucketFlags are the flags that the verbs list, get, create, update and delete
// share.
type bucketFlags struct {
	projectID        string
	version          string
	baseURL          string
	output           string
	envelope, pretty bool
	verbose          bool
	record           string
	credentials      credentialFlags
}

func (f *bucketFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.projectID, "project-id", "", "project that has the buckets, 24 hex digits (default: from where the credentials come)")
	flags.StringVar(&f.version, "api-version", string(client.V20240530), "version of the API to ask for: "+strings.Join(apiVersions, ", "))
	flags.StringVar(&f.baseURL, "base-url", "", "where Atlas is (default "+client.DefaultBaseURL+")")
	flags.StringVarP(&f.output, "output", "o", formatTable, "what to print: "+strings.Join(outputFormats, ", "))
	flags.BoolVar(&f.envelope, "envelope", false, "print Atlas's answer as it came, asked for with envelope=true")
	flags.BoolVar(&f.pretty, "pretty", false, "print Atlas's answer as it came, asked for with pretty=true")
	flags.BoolVar(&f.verbose, "verbose", false, "tell of every call on standard error")
	flags.StringVar(&f.record, "record", "", "folder to record the exchanges in, without secrets, for the verb verify")
	f.credentials.register(cmd)
	completeFlag(cmd, "output", cobra.FixedCompletions(outputFormats, cobra.ShellCompDirectiveNoFileComp))
	completeFlag(cmd, "api-version", cobra.FixedCompletions(apiVersions, cobra.ShellCompDirectiveNoFileComp))
	for _, name := range []string{"project-id", "base-url"} {
		completeFlag(cmd, name, cobra.NoFileCompletions)
	}
}

var apiVersions = []string{string(client.V20240530), string(client.V20230101), string(client.V1)}

// completeFlag registers a completion; that fails for a flag that isn't there alone.
func completeFlag(cmd *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err)
	}
}

// raw tells whether Atlas's own answers are to be printed.
func (f *bucketFlags) raw() bool { return f.envelope || f.pretty }

// check reports flags that cannot be right, before anything is sent.
func (f *bucketFlags) check(cmd *cobra.Command) error {
	if !slices.Contains(outputFormats, f.output) {
		return fmt.Errorf("--output %s is none of %s", quoteFlag(f.output), strings.Join(outputFormats, ", "))
	}
	if !slices.Contains(apiVersions, f.version) {
		return fmt.Errorf("--api-version %s is none of %s", quoteFlag(f.version), strings.Join(apiVersions, ", "))
	}
	if f.raw() && cmd.Flags().Changed("output") && f.output != formatJSON {
		return errors.New("--envelope and --pretty print Atlas's own JSON: leave out --output")
	}
	return nil
}

// session is one run of a bucket verb.
type session struct {
	*bucketFlags
	client    *client.Client
	found     credentials
	terminal  *terminal
	progress  *progress
	recording *recording
	out       io.Writer   // results
	notes     io.Writer   // everything else
	raw       *rawAnswers // nil unless Atlas's own answers are printed
	edge      int         // the width of the terminal that results go to, 0 for none

	onTerminal bool // the results are
}

// operation is what a bucket verb does.
type operation struct {
	// doing says it in an error: "cannot list the export buckets".
	doing string
	// method is the HTTP method of the request that the verb is about.
	method string
	// changes tells that it changes something at Atlas.
	changes bool
	run     func(context.Context, *session) error
}

// run opens a session, does the operation and explains what went wrong.
func (f *bucketFlags) run(cmd *cobra.Command, op operation) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	defer holdPipeSignal()()
	s := &session{
		bucketFlags: f, out: cmd.OutOrStdout(), edge: terminalWidth(cmd.OutOrStdout()), onTerminal: terminalFile(cmd.OutOrStdout()) != nil,
		terminal: &terminal{in: cmd.InOrStdin(), err: cmd.ErrOrStderr()}, notes: cmd.ErrOrStderr(),
	}
	err := s.work(cmd.Context(), op)
	return s.explain(cmd.Context(), op, err)
}

// work does the operation between opening and closing the client.
func (s *session) work(ctx context.Context, op operation) (err error) {
	if !s.verbose {
		s.progress = startProgress(s.terminal.err, op.doing)
		s.notes = s.progress.beside(s.notes)
		s.out = s.progress.beside(s.out)
	}
	s.out = resultWriter{s.out}
	defer s.progress.finish()
	s.progress.suspend(true) // there may be questions
	err = s.open(ctx, op)
	s.progress.suspend(false)
	if err != nil {
		return err
	}
	defer s.close(ctx)
	if err = op.run(ctx, s); err == nil && s.raw != nil {
		err = s.raw.failed()
	}
	recorded := s.recording.finish(s)
	if err != nil && recorded != nil {
		s.note("note: %s", s.tame(recorded.Error()))
		return err
	}
	return errors.Join(err, recorded)
}

// options are what the flags say to the client.
func (f *bucketFlags) options(log *slog.Logger) []client.Option {
	opts := []client.Option{
		client.WithAPIVersion(client.APIVersion(f.version)),
		client.WithUserAgent("exportbuckets-cli"),
		client.WithLogger(log),
	}
	if f.projectID != "" {
		opts = append(opts, client.WithProjectID(f.projectID))
	}
	if f.baseURL != "" {
		opts = append(opts, client.WithBaseURL(f.baseURL))
	}
	return opts
}

// open finds credentials and makes the client.
func (s *session) open(ctx context.Context, op operation) error {
	found, err := s.credentials.find(ctx, s.terminal)
	if err != nil {
		return err
	}
	s.found = found
	if s.recording, err = startRecording(s.record, found.secrets()); err != nil {
		return err
	}
	opts := append(s.options(s.logger()), client.WithDeprecationHook(s.tellDeprecation))
	if s.bucketFlags.raw() {
		s.raw = &rawAnswers{method: op.method, envelope: s.envelope, pretty: s.pretty, out: s.out, onTerminal: s.onTerminal}
		opts = append(opts, client.WithMiddleware(s.raw.middleware))
	}
	s.client, err = client.FromLookup(found.lookup, append(opts, s.recording.options()...)...)
	if err != nil {
		return err
	}
	if s.client.ProjectID() == "" {
		return errors.New("no project\nNext: pass --project-id ID or set MONGODB_ATLAS_PROJECT_ID; Atlas shows the id in the project's settings")
	}
	return nil
}

// closeTimeout bounds the end of a client: a request that revokes its token.
const closeTimeout = 5 * time.Second

// close gives the access token back, also when ctx has ended.
func (s *session) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if err := s.client.Close(ctx); err != nil {
		fmt.Fprintln(s.notes, "note: the access token could not be revoked and ends by itself within an hour:", s.tame(err.Error()))
	}
}

func (s *session) logger() *slog.Logger {
	if s.verbose {
		return slog.New(slog.NewTextHandler(s.notes, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: s.tameAttr}))
	}
	return s.progress.logger()
}

// tameAttr keeps secrets out of the log, whatever a server echoes.
func (s *session) tameAttr(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindString {
		a.Value = slog.StringValue(s.tame(a.Value.String()))
	}
	return a
}

func (s *session) tellDeprecation(d client.Deprecation) {
	end := "has been announced"
	if !d.Sunset.IsZero() {
		end = "is on " + d.Sunset.Format(time.DateOnly)
	}
	fmt.Fprintf(s.notes, "note: the end of API version %s %s; without --api-version %s is used\n", d.Version, end, client.V20240530)
}

// note tells something beside the result.
func (s *session) note(format string, args ...any) {
	fmt.Fprintf(s.notes, format+"\n", args...)
}

// holdPipeSignal has a write to a closed pipe fail instead of ending the process,
// so that what was begun is closed properly. The result takes that back.
func holdPipeSignal() func() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGPIPE)
	return func() { signal.Stop(signals) }
}

// resultWriter marks the errors of standard output.
type resultWriter struct{ out io.Writer }

type resultError struct{ err error }

func (e *resultError) Error() string { return "cannot write the result: " + e.err.Error() }
func (e *resultError) Unwrap() error { return e.err }

func (w resultWriter) Write(data []byte) (int, error) {
	n, err := w.out.Write(data)
	if err != nil {
		return n, &resultError{err}
	}
	return n, nil
}

// terminalWidth is the width of the terminal that w is, 0 if it is none.
func terminalWidth(w io.Writer) int {
	f := terminalFile(w)
	if f == nil {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// bucketID is the argument of the verbs that are about one bucket.
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
