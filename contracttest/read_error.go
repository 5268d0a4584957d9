package contracttest

import "github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"

// ReadError reports that a recording, or one entry of it, could not be read or validated.
type ReadError struct {
	// File is the path as the caller would type it.
	File string
	// Entry counts from 0; -1 is the file as a whole.
	Entry int
	// Line is where the error was found, from 1 in the unpacked file; 0 is unknown.
	Line int
	// Err is the reason, with the fix where there is one.
	Err error
}

// Error names the place and the reason.
func (e *ReadError) Error() string { return (*recording.ReadError)(e).Error() }

// Unwrap returns the reason.
func (e *ReadError) Unwrap() error { return e.Err }
