// Package v1 has the models and a plain client of version v1.0 of the contract.
// Its code is what `exportbuckets generate --api-version v1.0` makes for everybody.
//
// Client sends requests with the right Accept header and returns *http.Response;
// ClientWithResponses decodes the responses too. Neither authenticates, retries or
// pages: package client does, on top of this one.
package v1
