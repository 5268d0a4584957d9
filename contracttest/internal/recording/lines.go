package recording

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
)

// lineReader returns the lines of a text. A line that is longer than the buffer is returned
// in pieces, so that memory use is bounded for any text.
type lineReader struct {
	r      *bufio.Reader
	number int  // the line of the last piece, counted from 1
	begins bool // the last piece begins a line
	whole  bool // the last piece ended its line
}

func newLineReader(r *bufio.Reader) *lineReader {
	if bom, _ := r.Peek(len(byteOrderMark)); bytes.Equal(bom, byteOrderMark) {
		_, _ = r.Discard(len(byteOrderMark))
	}
	return &lineReader{r: r, whole: true}
}

// next returns the next piece, including its line end. The piece is valid until the next
// call. At the end, next returns io.EOF.
func (l *lineReader) next() ([]byte, error) {
	begins := l.whole
	piece, err := l.read()
	if err != nil {
		return nil, err
	}
	if l.begins = begins; begins {
		l.number++
	}
	return piece, nil
}

func (l *lineReader) read() ([]byte, error) {
	piece, err := l.r.ReadSlice('\n')
	if len(piece) == 0 || err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	l.whole = err == nil
	return piece, nil
}

// complete returns the end of the last piece, followed by the next piece of the same line if
// there is one.
func (l *lineReader) complete(end []byte) ([]byte, error) {
	end = bytes.Clone(end)
	if l.whole {
		return end, nil
	}
	rest, err := l.read()
	return append(end, rest...), ignoreEOF(err)
}

// placed adds the position of the last line to an error.
func (l *lineReader) placed(err error) error { return &placedError{line: l.number, err: err} }

func trimLineEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
}

var (
	statusLine      = regexp.MustCompile(`^HTTP/[0-9](\.[0-9])? ([1-9][0-9]{2})( .*)?$`)
	requestLine     = regexp.MustCompile(`^([A-Z][A-Z-]{0,30}) (\S+) HTTP/[0-9](\.[0-9])?$`)
	bareRequestLine = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) ((?:/|https?://)\S*)$`)
)

func isStatusLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("HTTP/")) && statusLine.Match(trimLineEnd(line))
}

func isRequestLine(line []byte) bool {
	return len(line) > 0 && 'A' <= line[0] && line[0] <= 'Z' && requestLine.Match(trimLineEnd(line))
}

// isBareRequestLine reports whether line is a request line without the HTTP version, as
// in editors' HTTP files.
func isBareRequestLine(line []byte) bool { return bareRequestLine.Match(trimLineEnd(line)) }
