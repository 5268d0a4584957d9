package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Lines that are not read are dropped and counted; a line with the count is written in
// their place.
func TestLossyLogDropsWhatNobodyReads(t *testing.T) {
	synctest.Test(t, lossyLogDropsWhatNobodyReads)
}

func lossyLogDropsWhatNobodyReads(t *testing.T) {
	reader, writer := io.Pipe()
	log := newLossyLog(writer)
	const lines = 3 * maxPendingLines
	for n := range lines {
		fmt.Fprintf(log, "line %d\n", n)
		if n == 0 {
			synctest.Wait() // the first line is being written
		}
	}
	read := make(chan []byte, 1)
	go func() { text, _ := io.ReadAll(reader); read <- text }()
	log.close()
	_ = writer.Close()
	got := strings.Split(strings.TrimSuffix(string(<-read), "\n"), "\n")
	kept := len(got) - 1
	if kept != maxPendingLines+1 { // including the one that was being written
		t.Fatalf("%d lines were kept, want %d", kept, maxPendingLines+1)
	}
	for n, line := range got[:kept] {
		if line != fmt.Sprintf("line %d", n) {
			t.Fatalf("line %d is %q", n, line)
		}
	}
	if want := fmt.Sprintf(`dropped=%d msg="log lines that were not read in time"`, lines-kept); got[kept] != want {
		t.Errorf("the last line is %q, want %q", got[kept], want)
	}
}

// The number of bytes waiting to be written is bounded as well.
func TestLossyLogIsBoundedInBytes(t *testing.T) {
	reader, writer := io.Pipe()
	log := newLossyLog(writer)
	long := bytes.Repeat([]byte("x"), maxPendingLog/4)
	for range 100 {
		_, _ = log.Write(long)
	}
	log.mu.Lock()
	pending, dropped := log.pending, log.dropped
	log.mu.Unlock()
	if pending > maxPendingLog || dropped != 96 {
		t.Errorf("%d bytes waiting, %d lines dropped; want at most %d, 96", pending, dropped, maxPendingLog)
	}
	_ = reader.Close()
	log.close()
}

// Without a reader, the command can still end.
func TestLossyLogEndsWithoutAReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader, writer := io.Pipe()
		log := newLossyLog(writer)
		fmt.Fprintln(log, "nobody reads this")
		begin := time.Now()
		log.close()
		if took := time.Since(begin); took != logGrace {
			t.Errorf("close took %v, want %v", took, logGrace)
		}
		fmt.Fprintln(log, "nor this")
		_ = reader.Close() // ends the goroutine
		<-log.done
	})
}

// Serve continues when its standard error is a pipe without a reader.
func TestServeWithAnUnreadLog(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	defer writer.Close()
	s := startServeLogging(t, writer, "--no-rate-limit")
	for range 1500 { // a pipe holds about 464 of these lines
		s.challenge(t)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}
