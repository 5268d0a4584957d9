//go:build unix

package atomicfile_test

import (
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
)

// TestWriteFailsInTheMiddle limits the size of files, with the effect of a full disk. The
// old file must be unchanged, and no other file may remain.
func TestWriteFailsInTheMiddle(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report.json")
	if err := atomicfile.Write(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := withSmallFiles(t, func() error { return atomicfile.Write(name, []byte("longer than four bytes"), 0o600) })
	if err == nil {
		t.Error("no error for a file that cannot be written completely")
	}
	if data, err := os.ReadFile(name); err != nil || string(data) != "old" {
		t.Errorf("the old file is now %q, %v", data, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// withSmallFiles calls f while this process cannot write files of more than four bytes.
func withSmallFiles(t *testing.T, f func() error) error {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	low := old
	low.Cur = 4
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &low); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Error(err)
		}
	}()
	return f()
}

// TestWriteToPipe checks that a pipe is written to, and that it remains a pipe.
func TestWriteToPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if err := atomicfile.Write(name, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Fatalf("the pipe is now %v, %v", info.Mode(), err)
	}
	if data, err := io.ReadAll(pipe); err != nil || string(data) != "text" {
		t.Errorf("the pipe has %q, %v", data, err)
	}
}
