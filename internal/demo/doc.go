// Package demo runs the whole module in one process, without an account or a network: a
// fake Atlas, the client with both ways to authenticate, a recording of its requests and
// responses, and its verification. It then falsifies one value of the recording, to show
// that the verification fails.
package demo
