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
)

// The first page is printed although the second never comes.
func TestFirstRowsComeWithTheFirstPage(t *testing.T) {
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
			t.Errorf("%s: the last row of the first page did not come", format)
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

// Ten times as many buckets take no more memory: all of them held would take about
// 6 MB more.
func TestListTakesNoMoreMemoryForMoreBuckets(t *testing.T) {
	t.Parallel()
	const allowed = 3 // MB; the collector tells whole ones
	for _, format := range outputFormats {
		few, many := liveHeap(t, 2_500, format), liveHeap(t, 25_000, format)
		t.Logf("%s: at most %d MB live for 2,500 buckets, %d MB for 25,000", format, few, many)
		if few == 0 || many > few+allowed {
			t.Errorf("%s: %d MB live for 25,000 buckets, %d MB for 2,500", format, many, few)
		}
	}
}

// collected is a line of the garbage collector's trace; the group is the heap that it
// found in use, in MB.
var collected = regexp.MustCompile(`(?m)^gc \d+ @.* \d+->\d+->(\d+) MB`)

// liveHeap lists that many buckets and returns the most that the process ever held,
// in MB. What the operating system counts for it would hold the garbage too, and on
// Linux the size of this test.
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
	most := 0
	for _, line := range collected.FindAllStringSubmatch(trace.String(), -1) {
		live, err := strconv.Atoi(line[1])
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, live)
	}
	return most
}
