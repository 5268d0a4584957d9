package secrets

import (
	"bytes"
	"strings"
)

// anchor is a text that every credential of a kind has in it. It is looked for at
// its pivot, the byte of it that is rarest in JSON.
type anchor struct {
	text  string
	pivot int
	kind  int
}

// rare lists bytes by how seldom they stand in the bodies of Atlas, the most
// seldom first; those that are not listed are common.
const rare = "@J=KBw_kcP"

// anchors are all anchors by their pivot.
var anchors = func() (table [256][]anchor) {
	for i, k := range kinds {
		for _, text := range k.anchors {
			pivot := 0
			for _, b := range rare {
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

// pivots tells the bytes that are one.
var pivots = func() (set [256]bool) {
	for b := range anchors {
		set[b] = len(anchors[b]) > 0
	}
	return set
}()

// suspect gives the kinds, as a set of bits, of which the text has an anchor. It
// passes over the text once: looking for each anchor in turn takes longer than all
// the rest of judging a body.
func suspect(text []byte) (kinds uint32) {
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
