package drift

import (
	"iter"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// holder is a part of a document and its pointer.
type holder struct {
	node    *oas.Node
	pointer string
}

func (h holder) in(key string) holder { return holder{oas.Get(h.node, key), oas.Join(h.pointer, key)} }

// versionedMedia iterates over the media types of an operation's successful responses,
// and then of its request, that carry the version.
func (v versioned) versionedMedia() iter.Seq[holder] {
	return func(yield func(holder) bool) {
		for media := range v.successes() {
			if !yield(media) {
				return
			}
		}
		v.media(holder{v.Node(), v.Pointer()}.in("requestBody"), yield)
	}
}

// successes iterates over the media types of the successful responses only.
func (v versioned) successes() iter.Seq[holder] {
	return func(yield func(holder) bool) {
		responses := holder{v.Node(), v.Pointer()}.in("responses")
		for status := range oas.Pairs(responses.node) {
			if strings.HasPrefix(status, "2") && !v.media(responses.in(status), yield) {
				return
			}
		}
	}
}

func (v versioned) media(of holder, yield func(holder) bool) bool {
	n, pointer, err := v.Document().Follow(of.node, of.pointer)
	if err != nil {
		return true // Complete has refused such a document
	}
	content := holder{n, pointer}.in("content")
	for mediaType := range oas.Pairs(content.node) {
		if v.carries(mediaType) && !yield(content.in(mediaType)) {
			return false
		}
	}
	return true
}

func (v versioned) carries(mediaType string) bool {
	version := oas.MediaTypeVersion(mediaType)
	return version == v.version || version == "" && v.version == oas.Unversioned
}

// versionAt is where the version is declared.
func (v versioned) versionAt() string {
	for media := range v.versionedMedia() {
		return media.pointer
	}
	return v.Pointer()
}

// end is what a document says of a version's end.
type end struct {
	sunset string
	// deprecated reports that the version has a sunset or the operation is marked. The
	// trimmer marks the operations of a cut by the same rule.
	deprecated bool
	// at is the pointer of the sunset, or of where it would be.
	at string
	// inMedia reports that the sunset is that of a media type, hasMedia that a
	// successful response has a media type of the version.
	inMedia, hasMedia bool
}

// end reads when the version ends: from the media type of a successful response, or in
// older one-version files from the operation.
func (v versioned) end() end {
	e := end{at: v.versionAt() + "/x-sunset"}
	for media := range v.successes() {
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
