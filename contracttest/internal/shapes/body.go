package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// listed is the number of items in a list.
const listed = 2

// body returns a body of the same structure with made-up values, and the structure.
func (m *maker) body(text []byte) (made, structure string, err error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return "", "", nil
	}
	w := bodyWriter{maker: m, c: jsonscan.NewCursor(text)}
	if err := w.value(""); err != nil {
		return "", "", err
	}
	return w.out.String(), w.structure.String(), w.c.End()
}

// bodyWriter writes a JSON text while reading another one.
type bodyWriter struct {
	*maker
	c              *jsonscan.Cursor
	out, structure strings.Builder
}

func (w *bodyWriter) value(field string) error {
	kind := w.c.Kind()
	w.structure.WriteByte(kind)
	switch kind {
	case '{':
		return w.object()
	case '[':
		return w.array(field)
	case '"':
		return w.text(field)
	case 't', 'f':
		w.out.WriteString("false")
	case 'n':
		w.out.WriteString("null")
	default:
		if field != "totalCount" {
			return fmt.Errorf("no made-up number for the field %s", field)
		}
		w.out.WriteString(strconv.Itoa(listed + 1))
	}
	return w.c.Skip()
}

func (w *bodyWriter) object() error {
	w.out.WriteByte('{')
	first := true
	err := w.c.Object(func(key []byte) error {
		if !first {
			w.out.WriteByte(',')
		}
		first = false
		name := string(key)
		fmt.Fprintf(&w.out, "%q:", name)
		w.structure.WriteString(name)
		return w.value(name)
	})
	w.out.WriteByte('}')
	return err
}

// array writes the first items of a list. The structure of a list is that of its first item.
func (w *bodyWriter) array(field string) error {
	w.out.WriteByte('[')
	n := 0
	err := w.c.Array(func() error {
		if n++; n > listed {
			return w.c.Skip()
		}
		if n > 1 {
			w.out.WriteByte(',')
		}
		w.ids++
		before := w.structure.String()
		err := w.value(field)
		if n > 1 {
			w.structure.Reset()
			w.structure.WriteString(before)
		}
		return err
	})
	w.out.WriteByte(']')
	return err
}

// text writes a made-up text for a field. It keeps enum values.
func (w *bodyWriter) text(field string) error {
	recorded, err := w.c.Text()
	if err != nil {
		return err
	}
	var made string
	switch field {
	case "cloudProvider":
		made = recorded
	case "rel":
		made = recorded
		w.structure.WriteString(recorded)
	case "_id":
		made = w.id(bucketID)
	case "iamRoleId", "roleId":
		made = w.id(roleID)
	case "bucketName":
		made = fmt.Sprintf("shape-%d-of-%d", w.ids, w.number)
	case "region":
		made = "sa-east-1"
	case "href":
		made = w.link()
	default:
		return fmt.Errorf("no made-up text for the field %s", field)
	}
	fmt.Fprintf(&w.out, "%q", made)
	return nil
}

// link writes the link to this page, then the link to the next: Atlas orders the parameters
// of the two differently.
func (w *bodyWriter) link() string {
	address := "http://localhost:8080/api/atlas/v2/groups/" + projectID + "/backup/exportBuckets?includeCount=true"
	if w.ids == 1 {
		return address + "&pageNum=1&itemsPerPage=2"
	}
	return address + "&itemsPerPage=2&pageNum=2"
}

// eachText visits the strings of a JSON text with the name of their field.
func eachText(text []byte, visit func(field, text string)) {
	c := jsonscan.NewCursor(text)
	var walk func(field string) error
	walk = func(field string) error {
		switch c.Kind() {
		case '{':
			return c.Object(func(key []byte) error { return walk(string(key)) })
		case '[':
			return c.Array(func() error { return walk(field) })
		case '"':
			value, err := c.Text()
			visit(field, value)
			return err
		}
		return c.Skip()
	}
	_ = walk("") // body reports syntax errors
}
