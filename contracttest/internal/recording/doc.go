// Package recording reads recorded HTTP traffic, whatever tool recorded it, into one
// type: the [Exchange].
//
// It knows HAR 1.2 as browsers and proxies write it, the cassettes of go-vcr, and
// HTTP text (a request head, a blank line, then what "curl -i" prints), each of them
// also under gzip. Which of these a file is, its content tells, never its name.
//
//	in := recording.Paths("session.har", "testdata/recordings")
//	r := recording.NewReader(in, recording.Options{})
//	for x, err := range r.Exchanges(ctx) {
//		…
//	}
//
// A file that cannot be read gives a [*ReadError], and the reading goes on with the
// next entry or file. Files of a folder that are no recordings are skipped;
// [Reader.Summary] counts them.
//
// # How a file flows through
//
// The file is found (files.go), unpacked (unpack.go) and recognised (kind.go). A
// splitter (har.go, cassette.go, httptext.go) cuts it into entries without decoding
// them, in memory that does not grow with the file. The pipeline (pipeline.go)
// decodes entries on several workers and gives the results back in the order of the
// file. [Each] runs the caller's function on those workers too. Every size, depth and
// count on the way is bounded (limits.go).
//
// # What counts as recorded
//
// What a recording does not hold cannot be judged, so [Body.Recorded] tells an empty
// body from an absent one. An answer's body is empty where the recording says so: an
// empty text, or a size of 0 without a text. A request's empty body is always taken
// as not recorded, because no format tells the two apart reliably.
package recording
