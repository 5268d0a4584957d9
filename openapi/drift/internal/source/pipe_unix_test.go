//go:build unix

package source

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func makePipe(name string) error { return syscall.Mkfifo(name, 0o600) }

// TestReadEndsWithContext checks that Read does not wait for the writer of a pipe longer than
// its context allows.
func TestReadEndsWithContext(t *testing.T) {
	stdin, writer := io.Pipe()
	r := Reader{Stdin: stdin}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := makePipe(pipe); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	cancel(stopped)
	for _, name := range []string{pipe, "-"} {
		if _, _, err := r.Read(ctx, name); !errors.Is(err, stopped) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	// The pending reads end with their writers.
	f, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err = errors.Join(err, f.Close(), writer.Close()); err != nil {
		t.Error(err)
	}
}
