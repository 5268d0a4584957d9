//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// TestFirstPageIsPrintedAtOnce checks that the first page is printed even if the second one never
// arrives.
func TestFirstPageIsPrintedAtOnce(t *testing.T) {
	t.Parallel()
	srv := fakeatlas.New(t, fakeatlas.Buckets(25_000), fakeatlas.NoRateLimit(),
		fakeatlas.Inject(fakeatlas.Latency(forever).On(fakeatlas.OpList).After(1)))
	last := srv.Buckets(srv.ProjectID)[pageSize-1].ID
	for _, format := range outputFormats {
		cmd := command(t, srv, "list", "--all", "--output", format)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		seen := false
		for lines := bufio.NewScanner(out); !seen && lines.Scan(); {
			seen = strings.Contains(lines.Text(), last)
		}
		if !seen {
			t.Errorf("%s: the last row of the first page was not printed", format)
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
			t.Errorf("%s: exit code %d", format, code)
		}
		srv.ClearFaults()
		srv.Inject(fakeatlas.Latency(forever).On(fakeatlas.OpList).After(1))
	}
}

// Neither a list nor a help text is wider than the terminal, whatever the list contains.
func TestListFitsTheTerminal(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	srv := fakeatlas.New(t, fakeatlas.Project(fakeatlas.DefaultProjectID,
		fakeatlas.Bucket{}, fakeatlas.Bucket{Provider: fakeatlas.Azure},
		fakeatlas.Bucket{Provider: fakeatlas.GCP, BucketName: strings.Repeat("b", 63)},
		fakeatlas.Bucket{RequirePrivateNetworking: true}))
	for _, width := range []int{20, 40, 60, 80, 200} {
		for _, args := range [][]string{{"list"}, {"list", "--columns", "id,created,details,bucket-name,role-id"}, {"list", "--help"}} {
			code, shown := onScreenOf(t, uint16(width), srv, nil, args...).exit(t)
			shown = erased(shown) // a slow machine shows progress first
			if code != 0 || strings.Count(shown, "\n") < 5 {
				t.Fatalf("%v: exit code %d\n%s", args, code, shown)
			}
			for line := range strings.Lines(shown) {
				line = strings.TrimRight(line, "\r\n")
				long := !strings.Contains(strings.TrimSpace(line), " ") // a word that cannot be wrapped
				if got := termtext.Width(line); got > width && args[len(args)-1] != "--help" || got > max(width, leastHelpWidth) && !long {
					t.Errorf("%v in %d columns: a line of %d: %s", args, width, got, line)
				}
			}
			if width >= 60 && args[len(args)-1] == "list" && !strings.Contains(shown, srv.Buckets(srv.ProjectID)[0].ID) {
				t.Errorf("%d columns: an id is cut:\n%s", width, shown)
			}
		}
	}
}

// Ten times as many buckets take no more memory: if all of them were kept, they would take about
// 6 MB more.
func TestListTakesNoMoreMemoryForMoreBuckets(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	const allowed = 3 // in MB; the trace has whole megabytes
	for _, format := range outputFormats {
		few, many := liveHeap(t, 2_500, format), liveHeap(t, 25_000, format)
		t.Logf("%s: at most %d MB live for 2,500 buckets, %d MB for 25,000", format, few, many)
		if few == 0 || many > few+allowed {
			t.Errorf("%s: %d MB live for 25,000 buckets, %d MB for 2,500", format, many, few)
		}
	}
}

// collected matches a line of the garbage collector's trace; the group is the size of the
// heap that it found in use, in MB.
var collected = regexp.MustCompile(`(?m)^gc \d+ @.* \d+->\d+->(\d+) MB`)

// liveHeap lists that many buckets and returns the largest live heap of the process, in MB.
// The memory that the operating system reports would include garbage and, on Linux, the
// size of this test.
func liveHeap(t *testing.T, buckets int, format string) int {
	t.Helper()
	srv := fakeatlas.New(t, fakeatlas.Buckets(buckets, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP), fakeatlas.NoRateLimit())
	cmd := command(t, srv, "list", "--all", "--output", format)
	cmd.Env = append(cmd.Env, "GODEBUG=gctrace=1", "GOGC=10")
	var trace bytes.Buffer
	cmd.Stderr = &trace
	out, err := cmd.Output()
	if err != nil || bytes.Count(out, []byte("\n")) < buckets {
		t.Fatalf("%d bytes were printed: %v\n%s", len(out), err, trace.Bytes())
	}
	return mostLive(t, trace.String())
}

// mostLive returns the largest live heap in a trace of the garbage collector, in MB.
func mostLive(t *testing.T, trace string) int {
	t.Helper()
	most := 0
	for _, line := range collected.FindAllStringSubmatch(trace, -1) {
		live, err := strconv.Atoi(line[1])
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, live)
	}
	return most
}
