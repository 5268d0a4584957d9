package contracttest

import "github.com/atlas-exportbuckets/exportbuckets/contracttest/recording"

// The vocabulary of recordings, so that a caller of this package needs no second
// import for it. Package recording documents each.
type (
	Exchange  = recording.Exchange
	Source    = recording.Source
	Request   = recording.Request
	Response  = recording.Response
	Body      = recording.Body
	ReadError = recording.ReadError
)
