package recording

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"regexp"
)

// A splitter cuts an unpacked recording into entries. It returns errNotRecording if the
// content turns out not to be a recording.
type splitter func(r *bufio.Reader, out *output) error

var errEmpty = fmt.Errorf("%w: the file is empty", errNotRecording)

var errUnknownKind = fmt.Errorf("%w: it is neither a HAR (a JSON object with log.entries), nor a go-vcr cassette (YAML with interactions), nor HTTP text (a request head such as \"GET /path HTTP/1.1\", a blank line, then what curl -i prints)", errNotRecording)

var errUTF16 = errors.New("the text is UTF-16: save it as UTF-8 (in PowerShell: Out-File -Encoding utf8)")

// kindOf determines the format from the start of the content.
func kindOf(r *bufio.Reader) (splitter, error) {
	head, err := r.Peek(readAhead)
	if len(head) == 0 {
		if cause := ignoreEOF(err); cause != nil {
			return nil, cause
		}
		return nil, errEmpty
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		if kindOfText(bytes.ReplaceAll(head[2:], []byte{0}, nil)) != nil {
			return nil, errUTF16
		}
		return nil, errUnknownKind
	}
	if err := foreign(bytes.TrimPrefix(head, byteOrderMark)); err != nil {
		return nil, err
	}
	if split := kindOfText(bytes.TrimPrefix(head, byteOrderMark)); split != nil {
		return split, nil
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return nil, errEmpty
	}
	return nil, errUnknownKind
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// A cassette has both keys at its top level; go-vcr writes the version first.
var (
	interactionsKey = regexp.MustCompile(`(?m)^interactions:`)
	versionKey      = regexp.MustCompile(`(?m)^version:|^ *(?:- )?request:`)
)

func kindOfText(head []byte) splitter {
	text := bytes.TrimLeft(head, " \t\r\n")
	line, _, _ := bytes.Cut(text, []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	switch {
	case len(text) == 0:
		return nil
	case text[0] == '{':
		return splitJSON
	case isStatusLine(line), isRequestLine(line):
		return splitText
	case isBareRequestLine(line) && bytes.Contains(text, []byte("\nHTTP/")):
		return splitText
	case interactionsKey.Match(head) && versionKey.Match(head):
		return splitCassette
	}
	return nil
}
