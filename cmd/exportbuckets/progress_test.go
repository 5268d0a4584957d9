//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// screen is a run of the command on a pseudo-terminal, as a person sees it.
type screen struct {
	cmd  *exec.Cmd
	tty  *os.File // our side
	side *os.File // the command's
	done chan struct{}

	mu    sync.Mutex
	shown bytes.Buffer
	more  chan struct{} // closed when the terminal shows more
}

// onScreen runs the command on a terminal. Standard output goes to out, or to the terminal
// if out is nil.
func onScreen(t *testing.T, srv *fakeatlas.Server, out io.Writer, args ...string) *screen {
	t.Helper()
	return onScreenOf(t, 100, srv, out, args...)
}

// onScreenOf is onScreen with a width in columns.
func onScreenOf(t *testing.T, width uint16, srv *fakeatlas.Server, out io.Writer, args ...string) *screen {
	t.Helper()
	ours, theirs, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	if err := pty.Setsize(ours, &pty.Winsize{Rows: 30, Cols: width}); err != nil {
		t.Fatal(err)
	}
	s := &screen{tty: ours, side: theirs, done: make(chan struct{}), more: make(chan struct{})}
	s.cmd = command(t, srv, args...)
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = theirs, theirs, theirs
	if out != nil {
		s.cmd.Stdout = out
	}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go s.watch()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = theirs.Close()
		_ = ours.Close()
		<-s.done
	})
	return s
}

// command returns the command as a separate process, with only the fake's API key in its
// environment.
func command(t *testing.T, srv *fakeatlas.Server, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "exportbuckets", args...)
	cmd.Env = []string{
		"MONGODB_ATLAS_BASE_URL=" + srv.URL, "MONGODB_ATLAS_PROJECT_ID=" + srv.ProjectID,
		"MONGODB_ATLAS_PUBLIC_API_KEY=" + srv.PublicKey, "MONGODB_ATLAS_PRIVATE_API_KEY=" + srv.PrivateKey,
		"HOME=" + t.TempDir(), "TERM=xterm", "PATH=" + os.Getenv("PATH"),
	}
	return cmd
}

func (s *screen) watch() {
	defer close(s.done)
	buf := make([]byte, 4096)
	for {
		n, err := s.tty.Read(buf)
		s.mu.Lock()
		s.shown.Write(buf[:n])
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
		if err != nil { // the other side is closed
			return
		}
	}
}

func (s *screen) text() (string, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.String(), s.more
}

// await waits until text is shown, or until the test's own time limit.
func (s *screen) await(t *testing.T, text string) {
	t.Helper()
	for {
		shown, more := s.text()
		if strings.Contains(shown, text) {
			return
		}
		select {
		case <-more:
		case <-s.done:
			if shown, _ := s.text(); !strings.Contains(shown, text) {
				t.Fatalf("%q was not shown:\n%q", text, shown)
			}
			return
		}
	}
}

func (s *screen) typed(t *testing.T, text string) {
	t.Helper()
	if _, err := s.tty.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// exit waits for the end of the command, and returns its exit code and the text shown.
func (s *screen) exit(t *testing.T) (int, string) {
	t.Helper()
	_ = s.cmd.Wait()
	const end = "[the end]" // printed after everything that the command wrote
	if _, err := s.side.WriteString(end); err != nil {
		t.Fatal(err)
	}
	s.await(t, end)
	shown, _ := s.text()
	return s.cmd.ProcessState.ExitCode(), strings.TrimSuffix(shown, end)
}

// erased returns the text without the parts that the command drew and then erased:
// everything in a line before the sequence that clears it.
func erased(shown string) string {
	return erasedLine.ReplaceAllString(shown, "")
}

var erasedLine = regexp.MustCompile(`[^\n]*\r\x1b\[2K`)

const (
	ctrlC   = "\x03"
	forever = time.Hour // longer than any test takes
)

// Work that takes over a second shows its progress. The progress does not mix with output
// on the same terminal, and is erased at the end.
func TestProgressOnATerminal(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1400), fakeatlas.NoRateLimit(),
		fakeatlas.Inject(fakeatlas.Latency(forever).On(fakeatlas.OpList).After(1)))
	s := onScreen(t, srv, nil, "list", "--all")
	s.await(t, "list the export buckets  35% |")
	s.await(t, "(500/1400)")
	srv.ClearFaults()
	s.typed(t, ctrlC) // the pending page never arrives
	code, shown := s.exit(t)
	if code != exitInterrupted || !strings.HasSuffix(shown, "\r\x1b[2K"+"exportbuckets: interrupted\r\n") {
		t.Errorf("exit code %d, the screen ends with %q", code, shown[max(0, len(shown)-200):])
	}
	if rows := strings.Count(erased(shown), "test-bucket"); rows != 500 {
		t.Errorf("%d rows are on the screen, want the first page", rows)
	}
}

// The progress never wraps, because a line that wraps cannot be erased.
func TestProgressFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{10, 20, 40, 71, 72, 80, 200} {
		t.Run(strconv.Itoa(width), func(t *testing.T) {
			t.Parallel()
			srv := fakeatlas.New(t, fakeatlas.Buckets(1400), fakeatlas.NoRateLimit(),
				fakeatlas.Inject(fakeatlas.RateLimited(forever).On(fakeatlas.OpList).After(1)))
			var out bytes.Buffer
			s := onScreenOf(t, uint16(width), srv, &out, "list", "--all")
			s.await(t, "\r\x1b[2K")
			s.typed(t, ctrlC)
			_, shown := s.exit(t)
			drawn := 0
			for _, piece := range regexp.MustCompile(`[\r\n]+|\x1b\[\d?K`).Split(shown, -1) {
				if strings.HasPrefix(piece, "exportbuckets:") {
					break // the message after the interrupt may wrap
				}
				if drawn += termtext.Width(piece); termtext.Width(piece) >= width {
					t.Errorf("%d columns: %q", termtext.Width(piece), piece)
				}
			}
			if drawn == 0 {
				t.Errorf("no progress was shown: %q", shown)
			}
		})
	}
}

// On a pipe, rows are printed and no progress is, however long it takes.
func TestNoProgressInAPipe(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(501), fakeatlas.Inject(
		fakeatlas.RateLimited(1).On(fakeatlas.OpList).After(1).Times(1))) // a second
	cmd := command(t, srv, "list", "--all")
	var out, notes bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &notes
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(out.String(), "\n"); rows != 502 || notes.Len() != 0 || strings.ContainsAny(out.String(), "\r\x1b") {
		t.Errorf("%d lines, and on standard error %q", rows, notes.String())
	}
}

// The progress of a wait shows its reason.
func TestProgressShowsRetries(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.Inject(fakeatlas.RateLimited(forever).Times(1)))
	var out bytes.Buffer
	s := onScreen(t, srv, &out, "list")
	s.await(t, "Atlas responded 429 Too Many Requests; tryi")
	s.typed(t, ctrlC)
	if code, shown := s.exit(t); code != exitInterrupted {
		t.Errorf("exit code %d:\n%q", code, shown)
	}
}

// TestPromptHidesSecrets checks that a typed secret is not shown, and that after Ctrl-C the
// terminal shows typed text again.
func TestPromptHidesSecrets(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	var out bytes.Buffer
	s := onScreen(t, srv, &out, "list", "--prompt")
	s.await(t, "access token): ")
	s.typed(t, srv.PublicKey+"\n")
	s.await(t, "(not shown): ")
	s.typed(t, srv.PrivateKey+"\n")
	code, shown := s.exit(t)
	if code != 0 || !strings.Contains(out.String(), "test-bucket") {
		t.Errorf("exit code %d:\n%s\n%s", code, shown, out.String())
	}
	if strings.Contains(shown, srv.PrivateKey) || !strings.Contains(shown, srv.PublicKey) {
		t.Errorf("the screen shows %q", shown)
	}
}

func TestCtrlCAtTheSecret(t *testing.T) {
	srv := fakeatlas.New(t)
	s := onScreen(t, srv, nil, "list", "--prompt")
	before, err := term.GetState(int(s.tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	s.await(t, "access token): ")
	s.typed(t, srv.PublicKey+"\n")
	s.await(t, "(not shown): ")
	s.typed(t, "half a sec"+ctrlC)
	code, shown := s.exit(t)
	if after, err := term.GetState(int(s.tty.Fd())); err != nil || *after != *before {
		t.Errorf("the state of the terminal changed: %v", err)
	}
	if code != exitInterrupted || !strings.Contains(shown, "exportbuckets: interrupted") || strings.Contains(shown, "half") {
		t.Errorf("exit code %d, the screen shows %q", code, shown)
	}
	if requests := srv.Requests(); len(requests) != 0 {
		t.Errorf("%d requests were sent", len(requests))
	}
}

func TestCtrlCAtTheQuestion(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	id := srv.Buckets(srv.ProjectID)[0].ID
	s := onScreen(t, srv, nil, "delete", id)
	s.await(t, "Remove it? [y/N] ")
	s.typed(t, ctrlC)
	code, shown := s.exit(t)
	if code != exitInterrupted || !strings.Contains(shown, "interrupted; nothing was deleted") {
		t.Errorf("exit code %d, the screen shows %q", code, shown)
	}
	if left := len(srv.Buckets(srv.ProjectID)); left != 1 {
		t.Errorf("%d buckets are left", left)
	}
}

// A hostile name has no effect on the terminal, in any output format.
func TestNamesAreSanitized(t *testing.T) {
	const name = "\x1b]0;gotcha\a\u202egnp\u009b2J"
	srv := fakeatlas.New(t, fakeatlas.Project(fakeatlas.DefaultProjectID, fakeatlas.Bucket{BucketName: name}))
	id := srv.Buckets(srv.ProjectID)[0].ID
	for _, args := range [][]string{
		{"list"}, {"list", "-o", "json"}, {"list", "-o", "yaml"}, {"get", id}, {"get", id, "-o", "json"}, {"get", id, "-o", "yaml"},
	} {
		out, err := command(t, srv, args...).CombinedOutput()
		if err != nil {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
		if bytes.ContainsAny(out, "\x1b\a\u202e\u009b") || !bytes.Contains(out, []byte("gotcha")) {
			t.Errorf("%v: %q", args, out)
		}
	}
}
