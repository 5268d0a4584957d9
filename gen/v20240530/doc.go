// Package v20240530 contains the models and a plain client of version 2024-05-30 of the contract.
// Its code is the output of `exportbuckets generate --api-version 2024-05-30`.
//
// Client sends requests with the right Accept header and returns *http.Response;
// ClientWithResponses decodes the responses too. Neither authenticates, retries or
// pages: package client does, on top of this one.
//
// This package is outside the module's compatibility promise: its declarations follow the
// contract and the generator. To own them, generate a package in your module.
package v20240530
