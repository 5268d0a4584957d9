package recording

import "github.com/atlas-exportbuckets/exportbuckets/internal/limits"

// Recordings are hostile input. These bounds apply to every file. A file or entry that
// exceeds one results in a ReadError that contains the bound.
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
	// MaxHeaders is the largest number of header values of one request or response: 2,000.
	// Servers refuse more than about 100.
	MaxHeaders = 2000
	// MaxResponses is the largest number of responses to one request in HTTP text, such as
	// those of redirects and of a Digest handshake.
	MaxResponses = 100
	// MaxFiles is the largest number of files of one run: 100,000.
	MaxFiles = 100_000
	// MaxEntryErrors is the largest number of unreadable entries of one file that are
	// reported. After them, the rest of the file is not read.
	MaxEntryErrors = 100
	// MaxForeign is the largest number of skipped recordings of other tools that a summary
	// lists.
	MaxForeign = 20
	// MaxGzipRatio is the largest ratio of the decompressed size of a .gz file to its
	// compressed size. It applies once the decompressed size exceeds 16 MiB. JSON traffic
	// is compressed 10 to 40 times, a decompression bomb about 1,000 times.
	MaxGzipRatio = 200
)

// maxEntryNodes is the largest number of YAML values of an interaction in a cassette. An
// interaction with 50 headers has about 200.
const maxEntryNodes = 10_000

// tooManyHeaders is the error for a message with more than MaxHeaders values.
func tooManyHeaders(place string) error {
	return &limits.ExceededError{Bound: "headers", Limit: MaxHeaders, Place: place}
}
