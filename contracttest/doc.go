// Package contracttest validates recorded Atlas exchanges against the contract, and
// records exchanges.
//
//	report, err := contracttest.Verify(os.DirFS("testdata/recordings"), contracttest.Options{})
//
// validates every exchange of HAR files, go-vcr cassettes and HTTP text. The report
// contains the findings and the coverage of the contract. [Run] does the same in a Go test,
// with one subtest per exchange. [NewRecorder] makes recordings.
//
// The schemas are validated with kin-openapi. The rules of this package also cover what
// kin-openapi does not check: undeclared statuses, fields and parameters, exact vendor
// media types, duplicate keys, data after a body, envelopes and credentials. See [Rules].
//
// # What is not validated
//
// Not validated are parts that a recording lacks, exchanges of paths that are not in the
// contract (they are counted), and requests that the service rejected with a declared 4xx
// status. A credential is always reported.
package contracttest
