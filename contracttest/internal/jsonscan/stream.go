package jsonscan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxDepth is the deepest allowed nesting of arrays and objects. Recordings need about ten
// levels; a deeper text is an attack or a mistake.
const MaxDepth = 512

// bufferSize is the size of one read of a Stream, in bytes.
const bufferSize = 256 << 10

// maxKey is the longest object key that a Stream reads, in bytes.
const maxKey = 64 << 10

// ErrTooLarge is returned for a value that exceeds the limit of [Stream.Value].
var ErrTooLarge = errors.New("value is too large")

// SyntaxError describes an error in a JSON text and its position.
type SyntaxError struct {
	// Line counts from 1. A Cursor sets only the Offset, and leaves Line 0.
	Line int
	// Offset is the byte at which the error was detected, counted from 0.
	Offset int64
	Msg    string
	// Err is io.ErrUnexpectedEOF if the text ends early, the reader's error if reading
	// failed, else nil.
	Err error
}

func (e *SyntaxError) Error() string { return e.Msg }

// Unwrap returns the cause, if there is one.
func (e *SyntaxError) Unwrap() error { return e.Err }

// Stream reads a JSON text from an io.Reader. Its memory does not grow with the text. It
// checks the syntax of the objects and arrays that it visits. For values that it skips or
// returns, it only finds the end; a [Cursor] checks their syntax.
type Stream struct {
	r        io.Reader
	buf      []byte
	pos, end int
	consumed int64 // bytes before buf[0]
	line     int   // lines before buf[lineAt]
	lineAt   int
	depth    int
	readErr  error
}

// NewStream returns a Stream that reads from r. A byte order mark at the start is skipped.
func NewStream(r io.Reader) *Stream {
	s := &Stream{r: r, buf: make([]byte, bufferSize), line: 1}
	for s.end < 3 && s.fill() {
	}
	if bytes.HasPrefix(s.buf[:s.end], []byte("\xef\xbb\xbf")) {
		s.pos = 3
	}
	return s
}

// Line returns the line of the next byte that is not white space, counted from 1.
func (s *Stream) Line() int {
	_, _ = s.Peek()
	return s.lineHere()
}

func (s *Stream) lineHere() int {
	s.line += bytes.Count(s.buf[s.lineAt:s.pos], []byte{'\n'})
	s.lineAt = s.pos
	return s.line
}

// maxEmptyReads is the number of times that a reader may return neither data nor an error.
const maxEmptyReads = 100

// fill reads more data, and keeps the data that was not consumed. It reports whether there
// was more data. An error that is returned together with data is kept: nothing is read
// after it.
func (s *Stream) fill() bool {
	if s.readErr != nil {
		return false
	}
	s.lineHere()
	s.consumed += int64(s.pos)
	s.end = copy(s.buf, s.buf[s.pos:s.end])
	s.pos, s.lineAt = 0, 0
	for range maxEmptyReads {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.readErr = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.readErr = io.ErrNoProgress
	return false
}

// Peek returns the next byte that is not white space, without consuming it. At the
// end of the text the error wraps io.ErrUnexpectedEOF.
func (s *Stream) Peek() (byte, error) {
	for {
		for s.pos < s.end {
			if c := s.buf[s.pos]; !isSpace(c) {
				return c, nil
			}
			s.pos++
		}
		if !s.fill() {
			return 0, s.ended()
		}
	}
}

// Object visits the members of the next value, which must be an object. fn must consume the
// member's value.
func (s *Stream) Object(fn func(key string) error) error {
	return s.members('{', '}', func() error {
		key, err := s.key()
		if err != nil {
			return err
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		return fn(key)
	})
}

// Array visits the elements of the array that comes next. fn must consume the element.
func (s *Stream) Array(fn func() error) error { return s.members('[', ']', fn) }

func (s *Stream) members(open, shut byte, fn func() error) error {
	if err := s.expect(open); err != nil {
		return err
	}
	if s.depth++; s.depth > MaxDepth {
		return s.errorf("JSON nests deeper than %d levels", MaxDepth)
	}
	defer func() { s.depth-- }()
	c, err := s.Peek()
	if err != nil {
		return err
	}
	for first := true; c != shut; first = false {
		if !first {
			if err := s.expect(','); err != nil {
				return err
			}
		}
		if err := fn(); err != nil {
			return err
		}
		if c, err = s.Peek(); err != nil {
			return err
		}
	}
	s.pos++
	return nil
}

func (s *Stream) expect(want byte) error {
	c, err := s.Peek()
	if err != nil {
		return err
	}
	if c != want {
		return s.errorf("invalid JSON: unexpected %q, expected %q", c, want)
	}
	s.pos++
	return nil
}

func (s *Stream) key() (string, error) {
	c, err := s.Peek()
	if err != nil {
		return "", err
	}
	if c != '"' {
		return "", s.errorf("invalid JSON: unexpected %q, expected a key in double quotes", c)
	}
	raw, err := s.Value(nil, maxKey)
	if errors.Is(err, ErrTooLarge) {
		return "", s.errorf("a key of more than %d bytes", maxKey)
	}
	if err != nil {
		return "", err
	}
	key, err := NewCursor(raw).Text()
	if err != nil {
		return "", s.errorf("%v", err)
	}
	return key, nil
}

// Skip skips the next value.
func (s *Stream) Skip() error {
	return s.scan(func([]byte) {})
}

// Value appends the raw text of the next value to dst. A value of more than limit bytes is
// skipped in constant memory, and the error is [ErrTooLarge]; the caller may continue after
// the value.
func (s *Stream) Value(dst []byte, limit int) ([]byte, error) {
	size := 0
	err := s.scan(func(run []byte) {
		if size += len(run); size <= limit {
			dst = append(dst, run...)
		}
	})
	if err == nil && size > limit {
		err = ErrTooLarge
	}
	return dst, err
}

// scan passes the text of the next value to use, in pieces.
func (s *Stream) scan(use func(run []byte)) error {
	c, err := s.Peek()
	if err != nil {
		return err
	}
	if c == ']' || c == '}' || c == ',' || c == ':' {
		return s.errorf("invalid JSON: unexpected %q, expected a value", c)
	}
	b := boundary{most: MaxDepth - s.depth}
	for {
		n, done := b.advance(s.buf[s.pos:s.end])
		if b.depth > b.most {
			return s.errorf("JSON nests deeper than %d levels", MaxDepth)
		}
		use(s.buf[s.pos : s.pos+n])
		s.pos += n
		if done {
			return nil
		}
		if !s.fill() {
			if b.scalar && errors.Is(s.readErr, io.EOF) {
				return nil
			}
			return s.ended()
		}
	}
}

// End returns an error if the text is followed by anything except white space.
func (s *Stream) End() error {
	c, err := s.Peek()
	if err == nil {
		return s.errorf("invalid JSON: %q after the end of the document", c)
	}
	if errors.Is(s.readErr, io.EOF) {
		return nil
	}
	return err
}

func (s *Stream) ended() error {
	if s.readErr != nil && !errors.Is(s.readErr, io.EOF) {
		e := s.errorf("%v", s.readErr)
		e.Err = s.readErr
		return e
	}
	e := s.errorf("the file ends in the middle of its JSON: it is cut off")
	e.Err = io.ErrUnexpectedEOF
	return e
}

func (s *Stream) errorf(format string, args ...any) *SyntaxError {
	return &SyntaxError{Line: s.lineHere(), Offset: s.consumed + int64(s.pos), Msg: fmt.Sprintf(format, args...)}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
