package drift

import (
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// versionedMedia is a media type of an operation that contains a version.
type versionedMedia struct {
	node    *oas.Node
	pointer string
	// response is true if it belongs to a successful response, false if it belongs to the
	// request.
	response bool
}

// media lists the media types that contain the version: first those of the successful
// responses, then those of the request.
func (v versionedOperation) media() []versionedMedia {
	var out []versionedMedia
	add := func(n *oas.Node, pointer string, response bool) {
		n, pointer, err := v.Document().Follow(n, pointer)
		if err != nil {
			return // Complete has refused such a document
		}
		for mediaType, media := range oas.Pairs(oas.Get(n, "content")) {
			if version := oas.MediaTypeVersion(mediaType); version == v.version || version == "" && v.version == oas.Unversioned {
				out = append(out, versionedMedia{media, oas.Join(pointer, "content", mediaType), response})
			}
		}
	}
	for status, response := range oas.Pairs(oas.Get(v.Node(), "responses")) {
		if strings.HasPrefix(status, "2") {
			add(response, oas.Join(v.Pointer(), "responses", status), true)
		}
	}
	add(oas.Get(v.Node(), "requestBody"), oas.Join(v.Pointer(), "requestBody"), false)
	return out
}

// versionAt returns the pointer of the version's declaration.
func (v versionedOperation) versionAt() string {
	for _, media := range v.media() {
		return media.pointer
	}
	return v.Pointer()
}

// lifecycle describes when a version ends, as declared in a document.
type lifecycle struct {
	sunset string
	// deprecated is true if the version has a sunset or the operation is marked as
	// deprecated. Package trim marks the operations of its result by the same rule.
	deprecated bool
	// at is the pointer of the sunset, or the place where it would be.
	at string
	// inMedia is true if a media type has the sunset, hasMedia if a successful response has
	// a media type of the version.
	inMedia, hasMedia bool
}

// lifecycle returns when the version ends. The sunset is at the media type of a successful
// response or, in older one-version files, at the operation.
func (v versionedOperation) lifecycle() lifecycle {
	e := lifecycle{at: v.versionAt() + "/x-sunset"}
	for _, media := range v.media() {
		if !media.response {
			continue
		}
		if date := oas.Text(oas.Get(media.node, "x-sunset")); date != "" && (e.sunset == "" || date < e.sunset) {
			e.sunset, e.at, e.inMedia = date, media.pointer+"/x-sunset", true
		}
		e.hasMedia = true
	}
	if date := oas.Text(oas.Get(v.Node(), "x-sunset")); e.sunset == "" && date != "" {
		e.sunset, e.at = date, v.Pointer()+"/x-sunset"
	}
	e.deprecated = e.sunset != "" || oas.True(oas.Get(v.Node(), "deprecated"))
	return e
}
