package recording

import (
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// Options configure a reading. The zero value is ready to use.
type Options struct {
	// Workers is the number of goroutines that decode entries; 0 means as many as Go uses
	// processors, at most 4. One goroutine splits files into entries, and cannot supply more.
	Workers int
	// MaxEntryBytes bounds the unpacked text of an entry, and each of its bodies after the
	// content codings are decoded; 0 means the constant of this name.
	MaxEntryBytes int
	// Irrelevant reports whether an exchange need not be readable. At least the method and
	// the path of its request are known; if it is irrelevant, the known part is returned
	// instead of an error. It is called on several goroutines. Default: every exchange must
	// be readable.
	Irrelevant func(*Exchange) bool
	// If Progress is not nil, it is called after each read with the number of bytes that
	// were read from the files so far, before decompression. It is called by one goroutine
	// at a time, which is not the caller's.
	Progress func(bytes int64)
}

// Summary counts the files and exchanges of a reading.
type Summary struct {
	// Files counts the recordings that were read completely or partly.
	Files int
	// Skipped counts the files in folders that are not recordings.
	Skipped int
	// Failed counts the files with at least one ReadError.
	Failed int
	// Exchanges counts the returned exchanges.
	Exchanges int
	// Unanswered counts the entries with a request but no response, such as
	// one that a browser aborted.
	Unanswered int
}

// Reader reads recordings. A Reader can be used once.
type Reader struct {
	in      Input
	opts    Options
	mu      sync.Mutex
	summary Summary
	failed  map[string]bool // files with an error
	foreign []ForeignFile
	read    int64
}

// maxWorkers is the largest default of Options.Workers. Memory grows with each worker.
const maxWorkers = 4

// NewReader reads the files of in. Nothing is opened before the iteration starts.
func NewReader(in Input, opts Options) *Reader {
	if opts.Workers <= 0 {
		opts.Workers = min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	opts.MaxEntryBytes = cmp.Or(opts.MaxEntryBytes, MaxEntryBytes)
	if opts.Irrelevant == nil {
		opts.Irrelevant = func(*Exchange) bool { return false }
	}
	return &Reader{in: in, opts: opts, failed: map[string]bool{}}
}

// Summary returns the counts so far; after the iteration, the final ones.
func (r *Reader) Summary() Summary {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.summary
}

// Foreign returns the skipped files that are recordings in an unsupported format of another
// tool, at most [MaxForeign] of them.
func (r *Reader) Foreign() []ForeignFile {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.foreign)
}

// Names returns the files and folders that the reader reads, nil for a whole file system.
func (r *Reader) Names() []string {
	if slices.Equal(r.in.paths, []string{"."}) {
		return nil
	}
	return r.in.paths
}

func (r *Reader) count(add func(*Summary)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	add(&r.summary)
}

// fileFailed counts a file with an error, once.
func (r *Reader) fileFailed(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.failed[name] {
		r.failed[name] = true
		r.summary.Failed++
	}
}

// Exchanges returns every exchange in the order of the files and of the entries in them. An
// error is a *ReadError, after which the iteration continues, or the cause of the end of
// ctx, after which it stops.
func (r *Reader) Exchanges(ctx context.Context) iter.Seq2[*Exchange, error] {
	return Each(ctx, r, func(x *Exchange) *Exchange { return x })
}

// files reads one file after the other into out.
func (r *Reader) files(out *output) {
	r.in.files(
		func(f found) bool { return r.file(f, out) },
		func(name string, err error) bool { return out.failPath(name, err) == nil })
}

// file reads one file. It returns false when the reading has to stop.
func (r *Reader) file(f found, out *output) bool {
	out.begin(f.path)
	err := r.split(f, out)
	switch {
	case errors.Is(err, errStopped):
		return false
	case errors.Is(err, errNotRecording) && !f.named:
		r.skip(f.path, err)
		return true
	case err != nil && !errors.Is(err, errAbandoned):
		r.count(func(s *Summary) { s.Files += min(out.next, 1) })
		return out.fail(fileError(f.path, out, err)) == nil
	}
	r.count(func(s *Summary) { s.Files++ })
	return true
}

// skip counts a file of a folder that is not a recording, and lists a recording of another
// tool.
func (r *Reader) skip(name string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.Skipped++
	var foreign *foreignError
	if errors.As(err, &foreign) && len(r.foreign) < MaxForeign {
		r.foreign = append(r.foreign, ForeignFile{File: name, Reason: foreign.reason})
	}
}

func (r *Reader) split(f found, out *output) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = panicError(cause)
		}
	}()
	file, err := r.in.tree.open(f.path)
	if err != nil {
		return phrase.WithoutPath(err)
	}
	defer file.Close()
	text, err := unpack(&progressReader{r: file, reader: r})
	if err != nil {
		return err
	}
	split, err := kindOf(text)
	if err != nil {
		return err
	}
	return split(text, out)
}

// progressReader reports the number of bytes read from the files.
type progressReader struct {
	r      io.Reader
	reader *Reader
}

func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.reader.read += int64(n)
	if p.reader.opts.Progress != nil {
		p.reader.opts.Progress(p.reader.read)
	}
	return n, phrase.WithoutPath(err)
}

// fileError returns err with the position in the file at which reading stopped.
func fileError(name string, out *output, err error) *ReadError {
	e := &ReadError{File: name, Entry: NoEntry, Err: err}
	if out.open {
		e.Entry = out.next
	}
	var placed *placedError
	var syntax *jsonscan.SyntaxError
	switch {
	case errors.Is(err, errNotRecording):
	case errors.As(err, &placed):
		e.Line, e.Err = placed.line, placed.err
	case errors.As(err, &syntax):
		e.Line = syntax.Line
	}
	return e
}

// placedError is an error with a line.
type placedError struct {
	line int
	err  error
}

func (e *placedError) Error() string { return e.err.Error() }
func (e *placedError) Unwrap() error { return e.err }

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
