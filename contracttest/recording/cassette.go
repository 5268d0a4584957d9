package recording

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/coding"
)

// splitCassette cuts a go-vcr cassette into its interactions by their indentation,
// without parsing the YAML between. What go-vcr writes is a block sequence, and the
// lines of an item are always indented deeper than its dash (YAML 1.2 §8.2.1).
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
	indent int  // of the items' dashes; -1 before the first
	item   []byte
	line   int // where the item begins
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

// add gives a line to the item that is being read.
func (c *cassetteSplitter) add(p []byte) error {
	if c.item == nil {
		return nil
	}
	if len(c.item)+len(p) > MaxEntryBytes {
		return c.lines.placed(fmt.Errorf("the interaction is larger than %d MiB", MaxEntryBytes>>20))
	}
	c.item = append(c.item, p...)
	return nil
}

func (c *cassetteSplitter) flush() error {
	item := c.item
	if c.item = nil; item == nil {
		return nil
	}
	return c.out.entry(c.line, item, decodeInteraction)
}

// topLevel takes a line at the margin that is no item.
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
		return c.lines.placed(fmt.Errorf("cassette version %q is unknown: versions 1 and 2 can be read", clip(value)))
	}
	return nil
}

// interaction is what a cassette holds of an exchange. The names are go-vcr's.
type interaction struct {
	Request  interactionRequest  `json:"request"  yaml:"request"`
	Response interactionResponse `json:"response" yaml:"response"`
}

type interactionRequest struct {
	Method  string              `json:"method"  yaml:"method"`
	URL     string              `json:"url"     yaml:"url"`
	Headers map[string][]string `json:"headers" yaml:"headers"`
	Body    string              `json:"body"    yaml:"body"`
}

type interactionResponse struct {
	Code          int                 `json:"code"           yaml:"code"`
	Headers       map[string][]string `json:"headers"        yaml:"headers"`
	ContentLength int64               `json:"content_length" yaml:"content_length"`
	Body          *string             `json:"body"           yaml:"body"`
}

func decodeInteraction(src Source, raw []byte) (*Exchange, error) {
	var items []interaction
	if err := yaml.Unmarshal(raw, &items); err != nil {
		return nil, yamlError(err, src.Line)
	}
	if len(items) != 1 {
		return nil, errors.New("the interaction is no YAML mapping")
	}
	return items[0].exchange(src)
}

func decodeInteractionJSON(src Source, raw []byte) (*Exchange, error) {
	var i interaction
	if err := json.Unmarshal(raw, &i); err != nil {
		return nil, fmt.Errorf("invalid JSON: %w", err)
	}
	return i.exchange(src)
}

func (i *interaction) exchange(src Source) (*Exchange, error) {
	switch {
	case i.Request.Method == "" || i.Request.URL == "":
		return nil, errors.New("request.method or request.url is missing")
	case i.Response.Code < 100 || i.Response.Code > 999:
		return nil, fmt.Errorf("response.code is %d, which is no HTTP status", i.Response.Code)
	}
	x := &Exchange{Source: src}
	x.Request = Request{Method: strings.ToUpper(i.Request.Method), URL: parseURL(i.Request.URL), Header: canonical(i.Request.Headers)}
	x.Response = Response{Status: i.Response.Code, Header: canonical(i.Response.Headers)}
	x.Started = startTime("", x.Response.Header)
	var err error
	if x.Request.Body.Bytes, err = coding.Decode([]byte(i.Request.Body), x.Request.Header); err != nil {
		return nil, fmt.Errorf("request.body: %w", err)
	}
	x.Request.Body.Recorded = len(x.Request.Body.Bytes) > 0
	if i.Response.Body == nil {
		x.Response.Body.Recorded = i.Response.ContentLength == 0
		return x, nil
	}
	if x.Response.Body.Bytes, err = coding.Decode([]byte(*i.Response.Body), x.Response.Header); err != nil {
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

var (
	yamlLine = regexp.MustCompile(`line (\d+): (.*)`)
	yamlType = regexp.MustCompile(`^cannot unmarshal (.*) into (\S+)$`)
)

// yamlError moves the line of a YAML error from the item to the file, and says what
// is due in YAML's terms instead of Go's. Of several faults it keeps the first.
func yamlError(err error, first int) error {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Errorf("invalid YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	n, _ := strconv.Atoi(m[1])
	reason := "invalid YAML: " + m[2]
	if t := yamlType.FindStringSubmatch(m[2]); t != nil {
		reason = fmt.Sprintf("%s stands where %s is due", t[1], yamlKind(t[2]))
	}
	return &placedError{line: first + n - 1, err: errors.New(reason)}
}

func yamlKind(goType string) string {
	switch {
	case strings.HasPrefix(goType, "int"):
		return "a whole number"
	case goType == "string":
		return "text"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	}
	return "a mapping"
}
