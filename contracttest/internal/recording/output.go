package recording

import (
	"errors"
	"sync"
)

// output receives the entries and errors that the splitter of a file finds.
type output struct {
	put func(entry) error
	// maxEntry is the largest size of an entry, in bytes.
	maxEntry int
	file     string
	state    *fileState
	next     int  // the number of the next entry
	open     bool // that entry has begun, so an error belongs to it
}

func (o *output) begin(file string) { o.file, o.state, o.next, o.open = file, &fileState{}, 0, false }

// entry sends the text of an entry that begins at line.
func (o *output) entry(line int, raw []byte, decode decoder) error {
	if o.state.abandoned.Load() {
		return errAbandoned
	}
	src := Source{File: o.file, Entry: o.next, Line: line}
	o.next++
	o.open = false
	return o.put(entry{src: src, file: o.state, raw: raw, decode: decode})
}

// fail sends the error at which the splitting of the file ended.
func (o *output) fail(err *ReadError) error { return o.put(entry{file: o.state, err: err}) }

// failPath sends the reason why a path could not be visited.
func (o *output) failPath(name string, err error) error {
	return o.put(entry{err: &ReadError{File: name, Entry: NoEntry, Err: err}})
}

// errAbandoned ends the splitting of a file with too many invalid entries.
var errAbandoned = errors.New("abandoned")

// maxPooled is the size of the largest buffer that is reused for the next entry, in bytes.
const maxPooled = 1 << 20

var buffers = sync.Pool{New: func() any {
	b := make([]byte, 0, 4<<10)
	return &b
}}

// buffer returns an empty buffer, never nil, for the text of an entry.
func (o *output) buffer() []byte { return (*buffers.Get().(*[]byte))[:0] }

func recycle(b []byte) {
	if cap(b) > 0 && cap(b) <= maxPooled {
		buffers.Put(&b)
	}
}
