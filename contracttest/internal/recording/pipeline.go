package recording

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// A decoder turns the text of one entry into an exchange. It returns nil without an error
// for an entry that has no response. With an error, it may return the known part of the
// request (see requestOnly). It must not keep raw. maxBody is the largest size of a body,
// in bytes, after its content codings are decoded.
type decoder func(src Source, raw []byte, maxBody int) (*Exchange, error)

// entry is one undecoded exchange, or an error in place of one.
type entry struct {
	src    Source
	file   *fileState // nil if the entry belongs to no file
	raw    []byte
	decode decoder
	err    *ReadError
}

// Sized is a result with a known size in memory, in bytes.
type Sized interface {
	Size() int
}

// Each reads as [Reader.Exchanges] does, and calls use for every exchange on the reader's
// workers: several calls run at once, and results are returned in the order of the
// recording. The memory of waiting results is bounded: a result counts as many bytes as the
// text of its entry, or as its Size method returns (see [Sized]). use owns the exchange. It
// runs on other goroutines than the caller's, and so must not end a test
// (testing.T.FailNow).
func Each[T any](ctx context.Context, r *Reader, use func(*Exchange) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		p := startPipeline(ctx, r, use)
		defer p.stop()
		for j := range p.ordered {
			<-j.done
			p.budget.taken(j.bytes)
			if !j.present || r.drop(j.entry, &j.err) {
				continue
			}
			if !yield(j.result, j.err) {
				return
			}
		}
		if err := context.Cause(ctx); err != nil {
			var none T
			yield(none, err)
		}
	}
}

// pipeline is one splitter, several workers, and the queue that keeps the order.
type pipeline[T any] struct {
	r       *Reader
	use     func(*Exchange) T
	work    chan *job[T]
	ordered chan *job[T]
	cancel  context.CancelFunc
	running sync.WaitGroup
	// budget has the size of one entry of Options.MaxEntryBytes.
	budget *memoryBudget
	next   int // the number of the next entry
}

// job is an entry during its processing by a worker.
type job[T any] struct {
	entry   entry
	number  int   // in the order of the recording
	bytes   int64 // bytes that it takes from the budget
	done    chan struct{}
	result  T
	err     error
	present bool // there is a result to return
}

func startPipeline[T any](ctx context.Context, r *Reader, use func(*Exchange) T) *pipeline[T] {
	ctx, cancel := context.WithCancel(ctx)
	queue := 16 * r.opts.Workers
	p := &pipeline[T]{
		r: r, use: use, cancel: cancel,
		work: make(chan *job[T], queue), ordered: make(chan *job[T], queue),
		budget: newMemoryBudget(r.opts.MaxEntryBytes),
	}
	for range r.opts.Workers {
		p.running.Go(p.worker)
	}
	p.running.Go(func() {
		defer close(p.ordered)
		defer close(p.work)
		r.files(&output{maxEntry: r.opts.MaxEntryBytes, put: func(e entry) error { return p.put(ctx, e) }})
	})
	return p
}

// stop ends the reading at any point, and waits for its goroutines.
func (p *pipeline[T]) stop() {
	p.cancel()
	p.budget.stop()
	p.running.Wait()
}

// decodedSize is the factor with which the text of an entry in progress counts: once for
// the text, and again for the body decoded from it.
const decodedSize = 2

// put queues an entry. It waits if too many entries are in progress.
func (p *pipeline[T]) put(ctx context.Context, e entry) error {
	j := &job[T]{entry: e, number: p.next, bytes: decodedSize * int64(len(e.raw)), done: make(chan struct{})}
	p.next++
	p.budget.resize(j.number, 0, j.bytes)
	if ctx.Err() != nil {
		return errStopped
	}
	for _, queue := range []chan *job[T]{p.ordered, p.work} {
		select {
		case queue <- j:
		case <-ctx.Done():
			close(j.done)
			return errStopped
		}
	}
	return nil
}

func (p *pipeline[T]) worker() {
	for j := range p.work {
		p.run(j)
		p.keep(j)
		close(j.done)
	}
}

// keep waits until the budget has enough bytes for a result that is larger than its entry.
func (p *pipeline[T]) keep(j *job[T]) {
	result, ok := any(j.result).(Sized)
	if !ok || !j.present || j.err != nil {
		return
	}
	size := int64(result.Size())
	p.budget.resize(j.number, j.bytes, size)
	j.bytes = size
}

// run decodes an entry and calls use for its exchange.
func (p *pipeline[T]) run(j *job[T]) {
	if j.entry.err != nil {
		j.err, j.present = j.entry.err, true
		return
	}
	defer func() {
		if cause := recover(); cause != nil {
			j.err, j.present = entryError(j.entry, panicError(cause)), true
		}
	}()
	x, fault := p.decode(j)
	switch {
	case fault != nil && x != nil && p.r.opts.Irrelevant(x):
		j.result, j.present = p.use(x), true
	case fault != nil:
		j.err, j.present = fault, true
	case x == nil:
		p.r.count(func(s *Summary) { s.Unanswered++ })
	default:
		if x.Request.Method == http.MethodHead && len(x.Response.Body.Bytes) == 0 {
			x.Response.Body = Body{} // a response to HEAD never has a body
		}
		j.result, j.present = p.use(x), true
	}
}

// decode decodes an entry and releases its text. The exchange keeps the parts that it
// needs.
func (p *pipeline[T]) decode(j *job[T]) (*Exchange, error) {
	defer func() {
		recycle(j.entry.raw)
		j.entry.raw = nil
	}()
	x, err := j.entry.decode(j.entry.src, j.entry.raw, p.r.opts.MaxEntryBytes)
	if err != nil {
		return x, entryError(j.entry, err)
	}
	return x, nil
}

// panicError turns a recovered panic into an error. A bug in the program must not lose the
// report of the other exchanges, so only the entry being processed fails.
func panicError(cause any) error {
	return fmt.Errorf("internal error, please report it with this exchange: %v", cause)
}

// entryError adds the place of an entry to a decoder's error.
func entryError(e entry, err error) *ReadError {
	re := &ReadError{File: e.src.File, Entry: e.src.Entry, Line: e.src.Line, Err: err}
	var syntax *jsonscan.SyntaxError
	var placed *placedError
	switch {
	case errors.As(err, &placed):
		re.Line, re.Err = placed.line, placed.err
	case errors.As(err, &syntax):
		re.Line += bytes.Count(e.raw[:syntax.Offset], []byte{'\n'})
	}
	return re
}

// fileState is shared by the two ends of the pipeline.
type fileState struct {
	faults    int         // number of entries with an error, counted where results are returned
	abandoned atomic.Bool // the rest of the file is not read
}

// drop counts a result before it is returned, in order. It reports whether the entry
// belongs to an abandoned file, and replaces the error that makes a file abandoned by
// one that states this.
func (r *Reader) drop(e entry, err *error) bool {
	if e.file != nil && e.file.abandoned.Load() {
		return true
	}
	var fault *ReadError
	if *err == nil {
		r.count(func(s *Summary) { s.Exchanges++ })
	} else if errors.As(*err, &fault) {
		r.fileFailed(fault.File)
	}
	if fault == nil || e.err != nil {
		return false
	}
	if e.file.faults++; e.file.faults > MaxEntryErrors {
		e.file.abandoned.Store(true)
		fault.Err = fmt.Errorf("more than %d entries of the file are faulty: the rest of it is not read", MaxEntryErrors)
	}
	return false
}
