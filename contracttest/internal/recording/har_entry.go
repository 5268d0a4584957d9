package recording

import (
	"errors"
	"strconv"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// harEntry is an entry of a HAR before it is interpreted. Members that no
// rule needs are skipped; null counts as absent.
type harEntry struct {
	started  string
	request  harMessage
	response harMessage
}

// harMessage is a request or a response.
type harMessage struct {
	method  string
	url     string
	status  int
	headers []harPair
	cookies []harPair
	content harContent // postData of a request
}

// harContent is a body as HAR describes it.
type harContent struct {
	text     []byte
	hasText  bool
	foreign  bool   // the text is not a string
	file     string // of _file
	size     int    // -1 if missing
	encoding string
	mimeType string
	params   []harPair
}

type harPair struct{ name, value string }

// decodeHAR reads one member of log.entries.
func decodeHAR(src Source, raw []byte, maxBody int) (*Exchange, error) {
	e := harEntries.Get().(*harEntry)
	defer e.release()
	x, err := e.decode(src, raw, maxBody)
	if err != nil {
		return requestOnly(src, e.request.method, e.request.url), err
	}
	return x, nil
}

func (e *harEntry) decode(src Source, raw []byte, maxBody int) (*Exchange, error) {
	c := jsonscan.NewCursor(raw)
	if err := e.parse(c); err != nil {
		return nil, err
	}
	if err := c.End(); err != nil {
		return nil, err
	}
	return e.exchange(src, maxBody)
}

// decodeLargeJSON returns a decoder of the first bytes of an entry that is too large. The method
// and the URL have the same place in a HAR and in a cassette.
func decodeLargeJSON(tooLarge error) decoder {
	return func(src Source, raw []byte, _ int) (*Exchange, error) {
		e := harEntries.Get().(*harEntry)
		defer e.release()
		_ = e.parse(jsonscan.NewCursor(raw)) // ends where raw ends
		return requestOnly(src, e.request.method, e.request.url), tooLarge
	}
}

// harEntries reuses the lists of headers, the largest part of an entry that is not needed
// after its decoding.
var harEntries = sync.Pool{New: func() any {
	e := &harEntry{}
	e.request.reset()
	e.response.reset()
	return e
}}

func (e *harEntry) release() {
	e.started = ""
	e.request.reset()
	e.response.reset()
	harEntries.Put(e)
}

func (m *harMessage) reset() {
	clear(m.headers)
	*m = harMessage{headers: m.headers[:0], content: harContent{size: -1}}
}

func (e *harEntry) parse(c *jsonscan.Cursor) error {
	if c.Kind() != '{' {
		return errors.New("the entry is not a JSON object")
	}
	return c.Object(func(key []byte) (err error) {
		switch string(key) {
		case "startedDateTime":
			e.started, err = optionalText(c)
		case "request":
			err = e.request.parse(c)
		case "response":
			err = e.response.parse(c)
		default:
			err = c.Skip()
		}
		return err
	})
}

func (m *harMessage) parse(c *jsonscan.Cursor) error {
	return optionalObject(c, func(key []byte) (err error) {
		switch string(key) {
		case "method":
			m.method, err = optionalText(c)
		case "url":
			m.url, err = optionalText(c)
		case "status":
			m.status, err = optionalInt(c, 0)
		case "headers":
			m.headers, err = pairs(c, m.headers[:0])
		case "cookies":
			m.cookies, err = pairs(c, nil)
		case "content", "postData":
			err = m.content.parse(c)
		default:
			err = c.Skip()
		}
		return err
	})
}

func (b *harContent) parse(c *jsonscan.Cursor) error {
	return optionalObject(c, func(key []byte) (err error) {
		switch string(key) {
		case "text":
			err = b.parseText(c)
		case "_file":
			b.file, err = optionalText(c)
		case "size":
			b.size, err = optionalInt(c, -1)
		case "encoding", "_encoding":
			b.encoding, err = optionalText(c)
		case "mimeType":
			b.mimeType, err = optionalText(c)
		case "params":
			b.params, err = pairs(c, nil)
		default:
			err = c.Skip()
		}
		return err
	})
}

func (b *harContent) parseText(c *jsonscan.Cursor) (err error) {
	if c.Kind() != '"' {
		b.foreign = c.Kind() != 'n'
		return c.Skip()
	}
	capacity := c.Rest()
	if b.size >= 0 && b.size < capacity {
		capacity = b.size
	}
	b.text, err = c.Append(make([]byte, 0, capacity))
	b.hasText = true
	return err
}

// pairs appends a list of {name, value}, the form of headers and params.
func pairs(c *jsonscan.Cursor, list []harPair) ([]harPair, error) {
	if c.Kind() != '[' {
		return list, c.Skip()
	}
	err := c.Array(func() error {
		if len(list) == MaxHeaders {
			return tooManyHeaders("headers, cookies or params")
		}
		var p harPair
		err := optionalObject(c, func(key []byte) (err error) {
			switch string(key) {
			case "name":
				p.name, err = headerName(c)
			case "value":
				p.value, err = optionalText(c)
			default:
				err = c.Skip()
			}
			return err
		})
		list = append(list, p)
		return err
	})
	return list, err
}

func optionalObject(c *jsonscan.Cursor, fn func(key []byte) error) error {
	if c.Kind() != '{' {
		return c.Skip()
	}
	return c.Object(fn)
}

func optionalText(c *jsonscan.Cursor) (string, error) {
	if c.Kind() != '"' {
		return "", c.Skip()
	}
	return c.Text()
}

// optionalInt also accepts a number in quotes, because a few tools write numbers in quotes.
func optionalInt(c *jsonscan.Cursor, otherwise int) (int, error) {
	switch c.Kind() {
	case '0':
		return c.Int()
	case '"':
		text, err := c.Text()
		if n, notNumber := strconv.Atoi(text); notNumber == nil {
			otherwise = n
		}
		return otherwise, err
	}
	return otherwise, c.Skip()
}
