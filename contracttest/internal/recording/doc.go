// Package recording reads HTTP traffic that different tools recorded into one type: the
// [Exchange].
//
// It reads HAR 1.2 as browsers and proxies write it, the cassettes of go-vcr, and HTTP text
// (a request head, a blank line, then the output of "curl -i"). Each may be gzipped. The
// content of a file determines its format, never its name.
//
//	in := recording.Paths("session.har", "testdata/recordings")
//	r := recording.NewReader(in, recording.Options{})
//	for x, err := range r.Exchanges(ctx) {
//		…
//	}
//
// A file that cannot be read results in a [*ReadError], and the reading continues with the
// next entry or file. Files of a folder that are not recordings are skipped, and counted by
// [Reader.Summary].
//
// # How a file flows through
//
// The file is found (files.go), decompressed (unpack.go) and its format is recognized
// (kind.go). A splitter (har.go, cassette.go, httptext.go) cuts it into entries without
// decoding them. Its memory use does not grow with the file. The pipeline (pipeline.go)
// decodes entries on several workers and returns the results in the order of the file.
// [Each] runs the caller's function on those workers too. Every size, depth and count is
// bounded (limits.go).
//
// # What counts as recorded
//
// Parts that a recording does not contain cannot be validated, so [Body.Recorded]
// distinguishes an empty body from an absent one. A response body is empty if the
// recording has an empty text, or a size of 0 without a text. An empty request body is
// always taken as not recorded, because no format distinguishes the two reliably.
package recording
