package drift

import (
	"iter"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// pointer is where the operation stands in its document.
func (h held) pointer() string {
	return tree.Join("/paths", h.op.Path, strings.ToLower(h.op.Method))
}

// nameOf gives the short name of an operation.
func (c *comparison) nameOf(h held) string {
	return c.contract.name(shape.KeyAt(h.doc.Root(), h.op.Path, h.op.Method), h.op.ShortName)
}

// versionedMedia goes through the media types of an operation's successful answers,
// and then of its request, that carry the version; with their pointers.
func (h held) versionedMedia() iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for pointer, media := range h.answers() {
			if !yield(pointer, media) {
				return
			}
		}
		h.media(h.pointer()+"/requestBody", yield)
	}
}

// answers goes through the media types of the successful answers alone.
func (h held) answers() iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for status := range tree.Pairs(tree.Get(h.op.Node(), "responses")) {
			if strings.HasPrefix(status, "2") && !h.media(tree.Join(h.pointer(), "responses", status), yield) {
				return
			}
		}
	}
}

func (h held) media(holder string, yield func(string, *yaml.Node) bool) bool {
	n, pointer := h.follow(holder)
	for mediaType, media := range tree.Pairs(tree.Get(n, "content")) {
		if h.carries(mediaType) && !yield(tree.Join(pointer, "content", mediaType), media) {
			return false
		}
	}
	return true
}

func (h held) carries(mediaType string) bool {
	version := trim.MediaTypeVersion(mediaType)
	return version == h.version || version == "" && h.version == trim.Unversioned
}

// maxReferences bounds a chain of references from an answer to an answer.
const maxReferences = 10

// follow gives what stands at a pointer, or what is referred to there.
func (h held) follow(pointer string) (*yaml.Node, string) {
	root := h.doc.Root()
	n := tree.Resolve(root, pointer)
	for range maxReferences {
		ref := tree.ComponentPointer(tree.Text(tree.Get(n, "$ref")))
		if ref == "" {
			return n, pointer
		}
		n, pointer = tree.Resolve(root, ref), ref
	}
	return nil, pointer
}

// place gives the place of a pointer; of one that leads nowhere, the would-be place.
func (h held) place(pointer string) shape.Place {
	for at := pointer; ; {
		if n := tree.Resolve(h.doc.Root(), at); n != nil {
			return shape.Place{Pointer: pointer, Line: n.Line, Column: n.Column, Below: pointer[len(at):]}
		}
		at = at[:strings.LastIndexByte(at, '/')]
	}
}

// versionAt is where the version is declared.
func (h held) versionAt() string {
	for pointer := range h.versionedMedia() {
		return pointer
	}
	return h.pointer()
}

// end is what a document says of a version's end.
type end struct {
	sunset     string
	deprecated bool
	// told is whether there is a place where a sunset would be told: an answer of the
	// version, or a mark on the operation.
	told bool
	// at is the pointer of the sunset, or of where it would be.
	at string
}

// end reads when the version ends: from the media type of an answer, or in older
// one-version files from the operation.
func (h held) end() end {
	n := h.op.Node()
	e := end{deprecated: tree.True(tree.Get(n, "deprecated")), at: h.versionAt() + "/x-sunset"}
	for pointer, media := range h.answers() {
		if date := tree.Text(tree.Get(media, "x-sunset")); date != "" && (e.sunset == "" || date < e.sunset) {
			e.sunset, e.at = date, pointer+"/x-sunset"
		}
		e.told = true
	}
	if date := tree.Text(tree.Get(n, "x-sunset")); e.sunset == "" && date != "" {
		e.sunset, e.at, e.told = date, h.pointer()+"/x-sunset", true
	}
	return e
}
