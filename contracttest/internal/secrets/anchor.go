package secrets

import (
	"bytes"
	"strings"
)

// anchor is a text that every credential of a kind contains. The search looks for its pivot,
// its rarest byte in JSON.
type anchor struct {
	text  string
	pivot int
	kind  int
}

// rareBytes lists the bytes that are rare in Atlas's bodies, the rarest first. Other bytes are
// common.
const rareBytes = "@J=KBw_kcP"

// anchors are all anchors by their pivot.
var anchors = func() (table [256][]anchor) {
	for i, k := range kinds {
		for _, text := range k.anchors {
			pivot := 0
			for _, b := range rareBytes {
				if at := strings.IndexRune(text, b); at >= 0 {
					pivot = at
					break
				}
			}
			table[text[pivot]] = append(table[text[pivot]], anchor{text, pivot, i})
		}
	}
	return table
}()

// pivots is the set of bytes that are a pivot.
var pivots = func() (set [256]bool) {
	for b := range anchors {
		set[b] = len(anchors[b]) > 0
	}
	return set
}()

// possibleKinds returns the kinds with an anchor in the text, as a bit set. It scans the text
// once, because searching for each anchor separately takes longer than the rest of the
// validation of a body.
func possibleKinds(text []byte) (kinds uint32) {
	for i, b := range text {
		if !pivots[b] {
			continue
		}
		for _, a := range anchors[b] {
			if start := i - a.pivot; start >= 0 && bytes.HasPrefix(text[start:], []byte(a.text)) {
				kinds |= 1 << a.kind
			}
		}
	}
	return kinds
}
