// Package contracttest holds recorded Atlas exchanges against the contract, and
// records them.
//
//	report, err := contracttest.Verify(os.DirFS("testdata/recordings"), contracttest.Options{})
//
// judges every exchange of HAR files, go-vcr cassettes and HTTP text, and gives the
// findings and what the recordings have shown of the contract. [Run] does the same
// in a Go test, a subtest an exchange. [NewRecorder] makes the recordings.
//
// # How an exchange is judged
//
//	internal/recording    files become exchanges
//	internal/contract     the operation and version that an exchange has to keep
//	internal/schema       bodies and parameters against their schemas
//	internal/secrets      what a credential looks like
//	judge*.go             the rules, in the terms of the above
//	group.go coverage.go  equal findings become one; what was seen is counted
//	session.go report.go  the whole becomes a Report
//	corrections.go        an overlay under which the findings would not be made
//	model.go write.go     which package report writes in every format
//
// kin-openapi is the judge of every schema. Where it is silent the rules of this
// package speak: undeclared statuses, fields and parameters, exact vendor media
// types, duplicate keys, what trails a body, envelopes, credentials. See [Rules].
//
// # What is not judged
//
// What a recording does not hold; exchanges of paths that the contract does not know
// (they are counted); requests that the service refused with a declared 4xx. A
// credential is reported wherever it stands.
package contracttest
