// Package contract tells which operation of which version of the contract an
// exchange has to keep, and holds that operation ready to judge by.
//
//	contract.go    a contract: its editions, and which of them is due
//	embedded.go    the module's own contract, package openapi
//	foreign.go     a specification of the user's, cut and corrected when needed
//	router.go      from a path to its template
//	mediatype.go   versions in media types, and how Atlas snaps them down
//	operation.go   an operation compiled: parameters, answers, request body
//	lines.go       from a pointer to a line of the specification file
package contract
