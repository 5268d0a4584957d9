package recording

import (
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// decodeInteractionJSON reads an interaction of a cassette that was written as JSON.
func decodeInteractionJSON(src Source, raw []byte, maxBody int) (*Exchange, error) {
	c := jsonscan.NewCursor(raw)
	var i interaction
	err := optionalObject(c, func(key []byte) error {
		switch string(key) {
		case "request":
			return i.Request.parse(c)
		case "response":
			return i.Response.parse(c)
		}
		return c.Skip()
	})
	if err == nil {
		err = c.End()
	}
	if err != nil {
		return nil, err
	}
	return i.exchange(src, maxBody)
}

func (r *interactionRequest) parse(c *jsonscan.Cursor) error {
	return optionalObject(c, func(key []byte) (err error) {
		switch string(key) {
		case "method":
			r.Method, err = optionalText(c)
		case "url":
			r.URL, err = optionalText(c)
		case "body":
			r.Body, err = optionalText(c)
		case "headers":
			r.Headers, err = headersJSON(c, "request.headers")
		default:
			err = c.Skip()
		}
		return err
	})
}

func (r *interactionResponse) parse(c *jsonscan.Cursor) error {
	return optionalObject(c, func(key []byte) (err error) {
		switch string(key) {
		case "code":
			r.Code, err = optionalInt(c, 0)
		case "content_length":
			var length int
			length, err = optionalInt(c, 0)
			r.ContentLength = int64(length)
		case "body":
			if c.Kind() != '"' {
				return c.Skip()
			}
			var text string
			text, err = c.Text()
			r.Body = &text
		case "headers":
			r.Headers, err = headersJSON(c, "response.headers")
		default:
			err = c.Skip()
		}
		return err
	})
}

// headersJSON reads an object of names with lists of values.
func headersJSON(c *jsonscan.Cursor, place string) (map[string][]string, error) {
	read, count := map[string][]string{}, 0
	err := optionalObject(c, func(key []byte) error {
		name := string(key)
		if c.Kind() != '[' {
			return c.Skip()
		}
		return c.Array(func() error {
			if count++; count > MaxHeaders {
				return tooManyHeaders(place)
			}
			value, err := optionalText(c)
			read[name] = append(read[name], value)
			return err
		})
	})
	return read, err
}
