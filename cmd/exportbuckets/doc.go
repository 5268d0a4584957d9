// Command exportbuckets works with MongoDB Atlas snapshot export buckets and their
// contract. Every verb is a thin layer over one package of this module:
//
//	list get create update delete   package client
//	verify                          package contracttest
//	drift                           package openapi/drift
//	trim                            packages internal/trim and internal/pipeline
//	generate                        the contract and oapi-codegen
//	serve                           package contracttest/fakeatlas
//	token version                   packages client and openapi
//	demo                            all of it in one process
//
// Results go to standard output, everything else to standard error. Exit code 0
// means done, or that every check passed; 1 that a check failed; 2 that the work could not
// be done; 130 that it was interrupted. Further codes:
//
//	1    delete: not confirmed
//	3    drift: upstream changed, and no client breaks
//
// and of list, get, create, update and delete:
//
//	4    the project or the export bucket does not exist
//	5    the credentials were refused, or their Atlas role does not allow this
//	6    rate limited
//	7    the export bucket is in use
//	8    no response, a server error or a timeout; the message says what to do next
//	141  broken pipe: the reader of the output closed it
//
// Credentials come from the environment, a file, a profile of the Atlas CLI or a
// prompt (see exportbuckets help credentials), and never from flags.
package main
