// Package dependents tests the module as other modules use it. Its tests publish the
// checkout to a file-system module proxy, and build the examples from that: with an empty
// module cache, without a network, and without the examples' replace lines. Third-party
// modules come from the module cache of the machine that runs the tests.
//
//   - client: the requirements that importing the client adds, and that it works.
//   - generate: go generate at a fixed version, and that its result works.
//   - drift: drift against the user's own baseline, with its exit codes in CI.
//   - contract: fakeatlas and contracttest.Run in tests, and that they can fail.
//
// The tests are slow if Go's build cache is cold, so -short skips them.
package dependents
