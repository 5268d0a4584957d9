// Package contract selects the operation and contract version that an exchange must
// conform to, and provides that operation compiled for validation.
//
//	load.go        the module's own contract or a user's specification, read by package oas
//	contract.go    a contract: its versions, and which of them applies
//	router.go      finds the template of a path
//	mediatype.go   versions in media types, and rounding them down as Atlas does
//	operation.go   an operation compiled: parameters, responses, request body
//	parameter.go   the parameters and headers of an operation
package contract
