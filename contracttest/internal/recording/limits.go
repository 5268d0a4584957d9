package recording

import "github.com/atlas-exportbuckets/exportbuckets/internal/limits"

// Recordings are hostile input. These bounds apply to every file; exceeding one
// is reported as a ReadError that names the bound.
const (
	// MaxEntryBytes is the default of [Options.MaxEntryBytes]: 4 MiB. A page of 500 buckets
	// with the longest fields has 1.6 MB.
	MaxEntryBytes = 4 << 20
	// MaxURLBytes is the longest URL of a request: 64 KiB. Servers refuse more than about
	// 16 KiB.
	MaxURLBytes = 64 << 10
	// MaxHeadBytes is the largest head of a request or a response, its URL and header lines:
	// 1 MiB.
	MaxHeadBytes = 1 << 20
	// MaxHeaders is the most header values of one request or response: 2,000.
	// Servers refuse more than about 100.
	MaxHeaders = 2000
	// MaxResponses is the most responses to one request in HTTP text, such as those
	// of redirects and of a Digest handshake.
	MaxResponses = 100
	// MaxFiles is the most files of one run: 100,000.
	MaxFiles = 100_000
	// MaxEntryErrors is the most unreadable entries of one file that are reported; after
	// them the rest of the file is not read.
	MaxEntryErrors = 100
	// MaxForeign is the most skipped recordings of other tools that a summary names.
	MaxForeign = 20
	// MaxGzipRatio is how much larger than packed an unpacked .gz file may be, once
	// it has unpacked to more than 16 MiB. JSON traffic packs 10 to 40 times; a bomb
	// about 1,000 times.
	MaxGzipRatio = 200
)

// maxEntryNodes is the most YAML values of an interaction in a cassette. One with
// 50 headers has about 200.
const maxEntryNodes = 10_000

// tooManyHeaders is the error for a message with more than MaxHeaders.
func tooManyHeaders(place string) error {
	return &limits.ExceededError{Bound: "headers", Limit: MaxHeaders, Place: place}
}
