package contracttest

import (
	"context"
	"errors"
	"io/fs"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// ErrNothingInScope is returned if no exchange of the recordings has a path of the
// contract: nothing was validated.
var ErrNothingInScope = errors.New("no exchange in scope: nothing was validated")

// Verify validates all recordings in fsys against the contract. It returns a report even
// with an error, except for errors of the options and their specification. The error joins
// a
// [*ReadError] for each file or entry that could not be read, and [ErrNothingInScope]. A
// recording that violates the contract is not an error: see [Report.Holds].
func Verify(fsys fs.FS, opts Options) (*Report, error) {
	return verify(context.Background(), recording.InFS(fsys), opts)
}

// VerifyPaths is [Verify] for files and folders of the operating system. A path of a file
// must be a recording; in a folder, files that are not recordings are skipped. VerifyPaths
// stops when ctx ends, and returns the cause.
func VerifyPaths(ctx context.Context, opts Options, paths ...string) (*Report, error) {
	in := recording.Paths(paths...)
	if opts.Stdin != nil {
		in = in.WithStdin(opts.Stdin)
	}
	return verify(ctx, in, opts)
}

func verify(ctx context.Context, in recording.Input, opts Options) (*Report, error) {
	s, err := newSession(in, opts) //nolint:contextcheck // it reads specifications only
	if err != nil {
		return nil, err
	}
	for v, err := range s.verdicts(ctx) {
		s.add(v, err)
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return s.report()
}
