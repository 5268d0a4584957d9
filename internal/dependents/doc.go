// Package dependents tests the module as other modules use it. Its tests publish the
// checkout to a file-system module proxy, and build the examples from that: with an empty
// module cache, without a network, and without the examples' replace lines. Third-party
// modules come from the module cache of the machine that runs the tests.
//
//   - client_test.go counts the requirements that importing the client adds, and runs a
//     program that uses the client.
//   - generate_test.go runs go generate with a fixed version, and a program with the
//     generated code.
//   - drift_test.go compares a baseline in the user's module, and checks the exit codes.
//   - contract_test.go uses fakeatlas and contracttest.Run in the user's tests, which must
//     fail if the code or a recording is wrong.
//
// The tests are slow if Go's build cache is cold, so -short skips them.
package dependents
