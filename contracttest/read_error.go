package contracttest

import "github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"

// ReadError reports that a recording, or one entry of it, could not be read or validated.
type ReadError struct {
	// File is the path in the form that the caller passed.
	File string
	// Entry counts from 0; -1 means the file as a whole.
	Entry int
	// Line is the line of the error in the decompressed file, counted from 1; 0 means
	// unknown.
	Line int
	// Err is the reason, with the fix if there is one.
	Err error
}

// Error returns the place and the reason.
func (e *ReadError) Error() string { return (*recording.ReadError)(e).Error() }

// Unwrap returns the reason.
func (e *ReadError) Unwrap() error { return e.Err }
