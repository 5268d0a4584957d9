// Package v20240530 has the models and a plain client of version 2024-05-30 of the contract.
// Its code is what `exportbuckets generate --api-version 2024-05-30` makes for everybody.
//
// Client sends requests with the right Accept header and returns *http.Response;
// ClientWithResponses decodes the responses too. Neither authenticates, retries or
// pages: package client does, on top of this one.
package v20240530
