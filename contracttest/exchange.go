package contracttest

import "github.com/atlas-exportbuckets/exportbuckets/contracttest/recording"

// The vocabulary of recordings, so that a caller of this package needs no second
// import for it.
type (
	// Exchange is a recorded request and the answer to it.
	Exchange = recording.Exchange
	// Source is a place in a recording.
	Source = recording.Source
	// Request is what was asked.
	Request = recording.Request
	// Response is what came back.
	Response = recording.Response
	// Body is a message body, and whether the recording holds it.
	Body = recording.Body
	// ReadError says why a recording, or one entry of it, could not be read.
	ReadError = recording.ReadError
)
