package recording

import "github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/coding"

// Recordings are hostile input. These bounds hold for every file; what goes over one
// is reported as a ReadError that names the bound.
const (
	// MaxEntryBytes is the largest entry of a recording: 16 MiB of unpacked text.
	MaxEntryBytes = 16 << 20
	// MaxBodyBytes is the largest body after its content coding is undone: 16 MiB.
	MaxBodyBytes = coding.MaxBytes
	// MaxHeadBytes is the largest request or answer head in HTTP text: 1 MiB.
	MaxHeadBytes = 1 << 20
	// MaxFiles is how many files one reading may find: 100,000.
	MaxFiles = 100_000
	// MaxEntryErrors is how many faulty entries of one file are reported one by one;
	// after them the rest of the file is not read.
	MaxEntryErrors = 100
	// MaxForeign is how many skipped recordings of other tools a summary names.
	MaxForeign = 20
	// MaxGzipRatio is how much larger than packed an unpacked .gz file may be, once
	// it has unpacked to more than 16 MiB. JSON traffic packs 10 to 40 times; a bomb
	// about 1,000 times.
	MaxGzipRatio = 200
)

// maxInFlight bounds the text of the entries that wait for or are in decoding, in
// bytes. One entry of MaxEntryBytes always fits.
const maxInFlight = MaxEntryBytes
