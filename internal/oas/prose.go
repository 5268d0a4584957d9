package oas

// Prose is the text for human readers in a part of a document. Values are read on demand,
// because most are never needed.
type Prose []proseHolder

type proseHolder struct {
	doc *Document
	place
}

// ProseKeys lists the keywords that are for human readers only, sorted.
func ProseKeys() []string { return proseKeys }

var proseKeys = []string{"description", "example", "examples", "externalDocs", "summary", "tags", "title"}

// Item returns the value of a keyword and reports whether there is one. If several objects
// have the keyword, it is the value of the first.
func (p Prose) Item(keyword string) (item Item, ok bool) {
	for _, h := range p {
		if n := Get(h.node, keyword); n != nil {
			return Item{Value: Canonical(h.doc.withTargets(n)), At: h.doc.placeOf(n, Join(h.pointer, keyword))}, true
		}
	}
	return Item{}, false
}

// withTargets returns a mapping, such as that of examples, with the targets of its members
// that are references.
func (d *Document) withTargets(n *Node) *Node {
	if !IsMapping(n) {
		return n
	}
	out := Shallow(n)
	for i := 1; i < len(out.Content); i += 2 {
		if target, _, err := d.Follow(out.Content[i], ""); err == nil {
			out.Content[i] = target
		}
	}
	return out
}

// prose appends an object to existing prose, which takes precedence.
func (r *Reader) prose(there Prose, p place) Prose {
	if !r.WithProse || !IsMapping(p.node) {
		return there
	}
	return append(there, proseHolder{r.doc, p})
}
