package recording

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/coding"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// splitCassette cuts a go-vcr cassette into its interactions by their indentation, without
// parsing the YAML of an interaction. go-vcr writes a block sequence, in which the lines of
// an item are always indented deeper than its dash (YAML 1.2 §8.2.1).
func splitCassette(r *bufio.Reader, out *output) error {
	c := &cassetteSplitter{lines: newLineReader(r), out: out, indent: -1}
	for {
		piece, err := c.lines.next()
		if errors.Is(err, io.EOF) {
			return c.flush()
		}
		if err != nil {
			return c.lines.placed(err)
		}
		if err := c.piece(piece); err != nil {
			return err
		}
	}
}

type cassetteSplitter struct {
	lines  *lineReader
	out    *output
	inside bool // below interactions
	indent int  // indentation of the items' dashes; -1 before the first item
	item   []byte
	line   int  // line at which the item begins
	large  bool // the item exceeds the bound; its first bytes are kept
}

func (c *cassetteSplitter) piece(p []byte) error {
	text := trimLineEnd(p)
	content := bytes.TrimLeft(text, " ")
	indent := len(text) - len(content)
	switch {
	case !c.lines.begins || len(content) == 0 || content[0] == '#':
		return c.add(p)
	case c.inside && isDash(content) && (c.indent < 0 || indent == c.indent):
		if err := c.flush(); err != nil {
			return err
		}
		c.indent, c.line, c.item = indent, c.lines.number, c.out.buffer()
		c.out.open = true
		return c.add(p)
	case indent == 0:
		return c.topLevel(text)
	}
	return c.add(p)
}

func isDash(content []byte) bool {
	return content[0] == '-' && (len(content) == 1 || content[1] == ' ')
}

// add appends a line to the item that is being read.
func (c *cassetteSplitter) add(p []byte) error {
	switch {
	case c.item == nil || c.large:
	case len(c.item)+len(p) > c.out.maxEntry:
		c.large = true
	default:
		c.item = append(c.item, p...)
	}
	return nil
}

func (c *cassetteSplitter) flush() error {
	item, decode := c.item, decodeInteraction
	if c.large {
		decode = decodeLargeInteraction(fmt.Errorf("the interaction is larger than %d MiB", c.out.maxEntry>>20))
	}
	if c.item, c.large = nil, false; item == nil {
		return nil
	}
	return c.out.entry(c.line, item, decode)
}

// topLevel handles a line without indentation that is not an item.
func (c *cassetteSplitter) topLevel(text []byte) error {
	if err := c.flush(); err != nil {
		return err
	}
	key, value, _ := strings.Cut(string(text), ":")
	value, _, _ = strings.Cut(value, " #")
	value = strings.TrimSpace(value)
	c.inside = key == "interactions"
	switch {
	case c.inside && value != "" && value != "[]":
		return c.lines.placed(errors.New("interactions are not written as a block list, each item on lines of its own after a dash"))
	case key == "version" && value != "1" && value != "2":
		return c.lines.placed(fmt.Errorf("cassette version %q is unknown: versions 1 and 2 can be read", phrase.Cut(value, maxQuoted)))
	}
	return nil
}

// interaction is an exchange in a cassette. The names are go-vcr's.
type interaction struct {
	Request  interactionRequest
	Response interactionResponse
}

type interactionRequest struct {
	Method, URL, Body string
	Headers           map[string][]string
}

type interactionResponse struct {
	Code          int
	Headers       map[string][]string
	ContentLength int64
	Body          *string
}

// exchange returns the interaction as an exchange. With an error, it returns what is known
// of the request.
func (i *interaction) exchange(src Source, maxBody int) (*Exchange, error) {
	x, err := i.decode(src, maxBody)
	if err != nil {
		return requestOnly(src, i.Request.Method, i.Request.URL), err
	}
	return x, nil
}

func (i *interaction) decode(src Source, maxBody int) (*Exchange, error) {
	switch {
	case i.Request.Method == "" || i.Request.URL == "":
		return nil, errors.New("request.method or request.url is missing")
	case i.Response.Code < 100 || i.Response.Code > 999:
		return nil, fmt.Errorf("response.code is %d, which is not an HTTP status", i.Response.Code)
	}
	if err := firstError(checkTarget(i.Request.Method, i.Request.URL), checkHeader("request", i.Request.Headers), checkHeader("response", i.Response.Headers)); err != nil {
		return nil, err
	}
	x := &Exchange{Source: src}
	x.Request = Request{Method: strings.ToUpper(i.Request.Method), URL: parseURL(i.Request.URL), Header: canonical(i.Request.Headers)}
	x.Response = Response{Status: i.Response.Code, Header: canonical(i.Response.Headers)}
	x.Started = startTime("", x.Response.Header)
	var err error
	if x.Request.Body.Bytes, err = coding.Decode([]byte(i.Request.Body), x.Request.Header, maxBody); err != nil {
		return nil, fmt.Errorf("request.body: %w", err)
	}
	x.Request.Body.Recorded = len(x.Request.Body.Bytes) > 0
	if i.Response.Body == nil {
		x.Response.Body.Recorded = i.Response.ContentLength == 0
		return x, nil
	}
	if x.Response.Body.Bytes, err = coding.Decode([]byte(*i.Response.Body), x.Response.Header, maxBody); err != nil {
		return nil, fmt.Errorf("response.body: %w", err)
	}
	x.Response.Body.Recorded = true
	return x, nil
}

func canonical(h map[string][]string) http.Header {
	c := make(http.Header, len(h))
	for name, values := range h {
		name = http.CanonicalHeaderKey(name)
		c[name] = append(c[name], values...)
	}
	return c
}
