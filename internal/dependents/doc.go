// Package dependents proves the module from outside, as the modules that depend on
// it get it. Its tests publish the checkout to a file-system module proxy, and build
// the examples against that: from an empty module cache, without a network, without
// the examples' replace lines. Third-party modules come from what the machine that
// runs the tests has downloaded already.
//
//   - client: what importing the client costs in requirements, and that it works.
//   - generate: go generate at a fixed version, and that its result works.
//   - drift: drift against a baseline of one's own, with the exit codes CI sees.
//   - contract: fakeatlas and contracttest.Run in tests, and that they can fail.
//
// They take their time when Go's build cache is cold, so -short leaves them out.
package dependents
