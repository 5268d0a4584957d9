package client

import (
	"bytes"
	"encoding/json"
)

// This file contains a fast decoder for buckets and pages. encoding/json reads a text twice
// and allocates every field; this decoder reads it once, with one allocation for all texts
// of a bucket. It accepts only known fields, each at most once, in their exact spelling and
// with values of the right type. For all other input, including invalid JSON, it returns
// false, and the caller decodes with encoding/json.

// flatBucket is a decoded bucket, with its texts as positions in the data.
type flatBucket struct {
	texts   [textFields]flatText
	private *bool
	links   []Link
}

// flatText is the position of a text in the data, or the decoded text if it contains
// escapes. The zero flatText is a missing text.
type flatText struct {
	from, to  int
	unescaped string
}

// in returns the text as a substring of raw, which is the data from start on.
func (t flatText) in(raw string, start int) string {
	if t.unescaped != "" || t.to == 0 {
		return t.unescaped
	}
	return raw[t.from-start : t.to-start]
}

// flatReader reads a text from pos on. Its methods return false for input that they do not
// accept; pos is then undefined.
type flatReader struct {
	data   []byte
	pos    int
	fields flatBucket // of the current bucket
}

// readFlatBucket reads a whole text as one bucket into b.
func readFlatBucket(data []byte, b *ExportBucket) bool {
	r := flatReader{data: data}
	return r.bucket(b) && r.end()
}

// readFlatPage reads a whole text as a page into p.
func readFlatPage(data []byte, p *Page) bool {
	r := flatReader{data: data}
	var results, total, links bool
	ok := r.object(func(name []byte) bool {
		switch string(name) {
		case "results":
			return once(&results) && r.results(p)
		case "totalCount":
			return once(&total) && r.number(&p.TotalCount)
		case "links":
			return once(&links) && r.links(&p.Links)
		}
		return false
	})
	return ok && r.end() && results
}

// once sets seen and reports whether it was unset before.
func once(seen *bool) bool {
	first := !*seen
	*seen = true
	return first
}

// results reads the array of a page's buckets.
func (r *flatReader) results(p *Page) bool {
	p.Results = make([]*ExportBucket, 0, p.ItemsPerPage)
	return r.array(func() bool {
		b := new(ExportBucket)
		p.Results = append(p.Results, b)
		return r.bucket(b)
	})
}

// bucket reads a bucket of a known provider. All texts are substrings of one string, which
// is the bucket's Raw and shares no memory with the data.
func (r *flatReader) bucket(b *ExportBucket) bool {
	f := &r.fields
	*f = flatBucket{}
	seen := 0
	r.space()
	start := r.pos
	ok := r.object(func(name []byte) bool {
		field := fieldOf(name)
		if field < 0 || seen&(1<<field) != 0 {
			return false
		}
		seen |= 1 << field
		switch field {
		case fieldPrivate:
			f.private = new(bool)
			return r.boolean(f.private)
		case fieldLinks:
			return r.links(&f.links)
		}
		return r.text(&f.texts[field])
	})
	return ok && f.into(b, string(r.data[start:r.pos]), start)
}

// into fills b and reports whether the provider is known.
func (f *flatBucket) into(b *ExportBucket, raw string, start int) bool {
	record := bucketRecord{private: f.private, links: f.links}
	for i, text := range f.texts {
		record.texts[i] = text.in(raw, start)
	}
	target := record.target()
	*b = ExportBucket{ID: record.texts[fieldID], Target: target, ProjectID: record.texts[fieldProjectID], Links: f.links, Raw: raw}
	return target != nil
}

// links reads an array of links.
func (r *flatReader) links(into *[]Link) bool {
	*into = []Link{}
	return r.array(func() bool {
		var href, rel bool
		var link Link
		ok := r.object(func(name []byte) bool {
			switch string(name) {
			case "href":
				return once(&href) && r.copyText(&link.Href)
			case "rel":
				return once(&rel) && r.copyText(&link.Rel)
			}
			return false
		})
		*into = append(*into, link)
		return ok
	})
}

// object reads an object and calls member to read each value.
func (r *flatReader) object(member func(name []byte) bool) bool {
	return r.list('{', '}', func() bool {
		var name flatText
		return r.text(&name) && r.take(':') && name.unescaped == "" && member(r.data[name.from:name.to])
	})
}

// array reads an array and calls element to read each value.
func (r *flatReader) array(element func() bool) bool { return r.list('[', ']', element) }

// list reads comma-separated items between two brackets.
func (r *flatReader) list(first, last byte, item func() bool) bool {
	if !r.take(first) {
		return false
	}
	if r.take(last) {
		return true
	}
	for item() {
		if r.take(last) {
			return true
		}
		if !r.take(',') {
			return false
		}
	}
	return false
}

// text reads a string of ASCII.
func (r *flatReader) text(into *flatText) bool {
	if !r.take('"') {
		return false
	}
	escaped := false
	for i := r.pos; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '"':
			*into = flatText{from: r.pos, to: i}
			r.pos = i + 1
			return !escaped || r.unescape(into)
		case c == '\\':
			escaped = true
			i++ // the escaped character may be a quote
		case c < ' ' || c >= 0x7f:
			return false
		}
	}
	return false
}

// unescape decodes a text with escapes.
func (r *flatReader) unescape(text *flatText) bool {
	var unescaped string // a separate variable, so that text need not be on the heap
	err := json.Unmarshal(r.data[text.from-1:text.to+1], &unescaped)
	text.unescaped = unescaped
	return err == nil
}

// copyText reads a string of ASCII that is not a part of a bucket's Raw.
func (r *flatReader) copyText(into *string) bool {
	var text flatText
	ok := r.text(&text)
	if ok {
		*into = text.in(string(r.data[text.from:text.to]), text.from)
	}
	return ok
}

// boolean reads true or false.
func (r *flatReader) boolean(into *bool) bool {
	r.space()
	rest := r.data[r.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("true")):
		*into, r.pos = true, r.pos+len("true")
	case bytes.HasPrefix(rest, []byte("false")):
		*into, r.pos = false, r.pos+len("false")
	default:
		return false
	}
	return true
}

// number reads a number of at most nine digits.
func (r *flatReader) number(into *int) bool {
	r.space()
	n, digits := 0, 0
	for ; r.pos < len(r.data) && r.data[r.pos] >= '0' && r.data[r.pos] <= '9'; r.pos++ {
		if n == 0 && digits > 0 {
			return false // 01 is not valid JSON
		}
		n, digits = 10*n+int(r.data[r.pos]-'0'), digits+1
	}
	*into = n
	return digits > 0 && digits <= 9
}

// take skips white space, then reads one byte if it is c.
func (r *flatReader) take(c byte) bool {
	r.space()
	if r.pos >= len(r.data) || r.data[r.pos] != c {
		return false
	}
	r.pos++
	return true
}

// end reports whether only white space is left.
func (r *flatReader) end() bool {
	r.space()
	return r.pos == len(r.data)
}

func (r *flatReader) space() {
	for r.pos < len(r.data) {
		switch r.data[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return
		}
	}
}
