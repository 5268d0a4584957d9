// Command exportbuckets works with MongoDB Atlas snapshot export buckets and their
// contract. Every verb is a thin layer over one package of this module:
//
//	list get create update delete   package client
//	verify                          package contracttest
//	drift                           package openapi/drift
//	trim                            packages openapi/trim and openapi/pipeline
//	generate                        the contract and oapi-codegen
//	serve                           package contracttest/fakeatlas
//	demo                            all of it in one process
//
// Results go to standard output, everything else to standard error. Exit code 0
// means done, or that what was judged holds; 1 that what was judged does not hold;
// 2 that it could not be done or judged. Verbs with further codes list them in
// their help.
package main
