package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// session is one run of a bucket verb.
type session struct {
	*bucketFlags
	client    *client.Client
	found     credentials
	terminal  *terminal
	progress  *progress
	recording *recording
	out       io.Writer     // results
	notes     io.Writer     // everything else
	raw       *rawResponses // nil unless Atlas's own responses are printed
	width     int           // width of the terminal that shows the results, 0 without one

	onTerminal bool // whether out is a terminal
}

// operation describes the API operation of a verb.
type operation struct {
	// doing completes an error message: "cannot list the export buckets".
	doing string
	// method is the HTTP method of the verb's main request.
	method string
	// changes is true if the operation changes something in Atlas.
	changes bool
	// check makes the verb's main call. It is called with a client that sends nothing, to
	// report invalid arguments before the command looks for credentials.
	check func(context.Context, *client.Client) error
	// issuesToken is true if the operation needs a service account and no project.
	issuesToken bool
	run         func(context.Context, *session) error
}

// run opens a session, runs the operation and explains its error.
func (f *bucketFlags) run(cmd *cobra.Command, op operation) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	if err := f.checkArguments(op); err != nil {
		return &exitError{exitFailure, errors.New(commandWords(err))}
	}
	defer holdPipeSignal()()
	s := &session{
		bucketFlags: f, out: cmd.OutOrStdout(), width: terminalWidth(cmd.OutOrStdout()), onTerminal: terminalFile(cmd.OutOrStdout()) != nil,
		terminal: &terminal{in: cmd.InOrStdin(), err: cmd.ErrOrStderr()}, notes: cmd.ErrOrStderr(),
	}
	err := s.work(cmd.Context(), op)
	return s.explain(cmd.Context(), op, err)
}

// work opens the client, runs the operation and closes the client.
func (s *session) work(ctx context.Context, op operation) (err error) {
	if !s.verbose {
		s.progress = startProgress(s.terminal.err, op.doing)
		s.notes = s.progress.clearing(s.notes)
		s.out = s.progress.clearing(s.out)
	}
	s.out = resultWriter{s.out}
	defer s.progress.finish()
	s.progress.suspend(true) // the user may have to enter credentials
	err = s.open(ctx, op)
	s.progress.suspend(false)
	if err != nil {
		return err
	}
	needsGrace(ctx)
	defer s.close(ctx)
	if err = s.runWithin(ctx, op); err == nil && s.raw != nil {
		err = s.raw.failed()
	}
	recorded := s.recording.finish(s)
	if err != nil && recorded != nil {
		s.note("note: %s", s.redact(recorded.Error()))
		return err
	}
	return errors.Join(err, recorded)
}

// errTimeout is the cause of the end of an operation that took longer than --timeout.
var errTimeout = errors.New("timeout")

// runWithin runs the operation within the time of --timeout. With --dry-run it changes
// nothing.
func (s *session) runWithin(ctx context.Context, op operation) error {
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.timeout, errTimeout)
		defer cancel()
	}
	err := op.run(ctx, s)
	if errors.Is(context.Cause(ctx), errTimeout) && err != nil {
		return fmt.Errorf("%w: %w", errTimeout, err)
	}
	if s.dryRun {
		return s.showDryRun(err)
	}
	return err
}

// checkArguments returns the client's error about the arguments of an operation, if any. It
// sends nothing. Without it, the user might enter credentials for a call that must fail.
func (f *bucketFlags) checkArguments(op operation) error {
	opts := f.options(slog.New(slog.DiscardHandler))
	if f.projectID == "" {
		opts = append(opts, client.WithProjectID(strings.Repeat("0", 24))) // the real project id may come with the credentials
	}
	c, err := client.New(client.AccessToken("none"), opts...)
	if err != nil || op.check == nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := op.check(ctx, c); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// options returns the client options for the flags.
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
	if s.recording, err = startRecording(s.record, found.secrets()); err != nil { //nolint:contextcheck // it reads the embedded contract only
		return err
	}
	opts := append(s.options(s.logger()), client.WithDeprecationHook(s.noteDeprecation))
	if s.bucketFlags.raw() {
		s.raw = &rawResponses{method: op.method, envelope: s.envelope, pretty: s.pretty, out: s.out, onTerminal: s.onTerminal}
		opts = append(opts, client.WithMiddleware(s.raw.middleware))
	}
	if s.dryRun {
		opts = append(opts, client.WithMiddleware(withoutChanges))
	}
	lookup := found.lookup
	if op.issuesToken {
		if lookup, err = found.serviceAccount(); err != nil {
			return err
		}
	}
	s.client, err = client.FromLookup(lookup, append(opts, s.recording.options()...)...)
	if err != nil {
		return err
	}
	if s.client.ProjectID() == "" && !op.issuesToken {
		return errors.New("no project\nNext: pass --project-id ID or set MONGODB_ATLAS_PROJECT_ID; Atlas shows the id in the project's settings")
	}
	return nil
}

// closeTimeout bounds the time to close a client, which may revoke its token.
const closeTimeout = 5 * time.Second

// close revokes the access token, even if ctx has ended.
func (s *session) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if err := s.client.Close(ctx); err != nil {
		fmt.Fprintln(s.notes, "note: the access token could not be revoked and expires within an hour:", s.redact(err.Error()))
	}
}

func (s *session) logger() *slog.Logger {
	if s.verbose {
		return slog.New(slog.NewTextHandler(s.notes, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: s.redactAttr}))
	}
	return slog.New(&retryNotes{progress: s.progress, notes: s.notes, redact: s.redact})
}

// redactAttr redacts secrets in a log attribute, which a server may have echoed.
func (s *session) redactAttr(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindString {
		a.Value = slog.StringValue(s.redact(a.Value.String()))
	}
	return a
}

func (s *session) noteDeprecation(d client.Deprecation) {
	end := "has been announced"
	if !d.Sunset.IsZero() {
		end = "is on " + d.Sunset.Format(time.DateOnly)
	}
	fmt.Fprintf(s.notes, "note: the end of API version %s %s; without --api-version, %s is used\n", d.Version, end, client.V20240530)
}

// note prints a note to standard error.
func (s *session) note(format string, args ...any) {
	fmt.Fprintf(s.notes, format+"\n", args...)
}

// holdPipeSignal makes a write to a closed pipe fail instead of ending the process, so
// that connections and recordings are closed. The returned function restores the default.
func holdPipeSignal() func() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGPIPE)
	return func() { signal.Stop(signals) }
}

// resultWriter marks the errors of writing to standard output.
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

// terminalWidth returns the width of a terminal, 0 if w is not one.
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
