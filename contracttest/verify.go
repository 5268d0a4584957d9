package contracttest

import (
	"context"
	"errors"
	"io/fs"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// ErrNothingInScope is returned when no exchange of the recordings is of a path that
// the contract knows: nothing was proved.
var ErrNothingInScope = errors.New("no exchange in scope: nothing was judged")

// Verify judges all recordings in fsys. The report is given even with an error,
// except where the options or their specification are wrong. Otherwise the error
// joins a [*ReadError] for each thing that could not be read and
// [ErrNothingInScope]. That recordings break the contract is no error:
// [Report.Holds] tells it.
func Verify(fsys fs.FS, opts Options) (*Report, error) {
	return verify(context.Background(), recording.InFS(fsys), opts)
}

// VerifyPaths is [Verify] for files and folders of the operating system. A file
// that is named must be a recording; in a folder, files that are none are skipped.
// An end of ctx stops it, and is the error.
func VerifyPaths(ctx context.Context, opts Options, paths ...string) (*Report, error) {
	in := recording.Paths(paths...)
	if opts.Stdin != nil {
		in = in.WithStdin(opts.Stdin)
	}
	return verify(ctx, in, opts)
}

func verify(ctx context.Context, in recording.Input, opts Options) (*Report, error) {
	s, err := newSession(in, opts)
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
