package recording

import (
	"errors"
	"fmt"
)

// NoEntry is the value of ReadError.Entry for an error that does not belong to a single
// entry.
const NoEntry = -1

// errNotRecording is the reason for a file whose content has none of the known
// formats. In a folder such a file is skipped.
var errNotRecording = errors.New("the content is not a recording")

// ReadError is the reason why a recording, or one entry of it, could not be read.
type ReadError struct {
	// File is the path as the caller would type it.
	File string
	// Entry counts from 0; it is NoEntry if the error does not belong to a single entry.
	Entry int
	// Line is the line at which the error was detected, counted from 1 in the decompressed
	// file; 0 if unknown.
	Line int
	// Err is the reason, and the fix if there is one.
	Err error
}

func (e *ReadError) Error() string {
	place := e.File
	if e.Line > 0 {
		place = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if e.Entry == NoEntry {
		return fmt.Sprintf("%s: %v", place, e.Err)
	}
	return fmt.Sprintf("%s: entry %d: %v", place, e.Entry, e.Err)
}

// Unwrap returns the reason.
func (e *ReadError) Unwrap() error { return e.Err }
