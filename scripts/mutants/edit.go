//go:build unix

package main

import (
	"bytes"
	"cmp"
	"slices"
)

// edit replaces the bytes from start to end of a file. The edits of one expression may
// surround those of its parts.
type edit struct {
	start, end int
	text       string
	// order sorts edits at one offset: the opening text of an outer expression comes before
	// that of its parts, and its closing text after theirs.
	order int
}

// apply returns source with the edits, which insert no new lines, so that a compiler's error
// names the line of the original.
func apply(source []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.order, b.order))
	})
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(source[at:e.start])
		out.WriteString(e.text)
		at = max(at, e.end)
	}
	out.Write(source[at:])
	return out.Bytes()
}
