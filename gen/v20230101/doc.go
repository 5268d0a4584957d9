// Package v20230101 contains the models and a plain client of version 2023-01-01 of the contract.
// Its code is the output of `exportbuckets generate --api-version 2023-01-01`.
//
// Atlas turns list, create and get of this version off on 2027-07-01; it has not announced an
// end of delete.
//
// Client sends requests with the right Accept header and returns *http.Response;
// ClientWithResponses decodes the responses too. Neither authenticates, retries or
// pages: package client does, on top of this one.
//
// This package is outside the module's compatibility promise: its declarations follow the
// contract and the generator. To own them, generate a package in your module.
package v20230101
