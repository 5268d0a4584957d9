// Package compare compares two versions of one operation and classifies each difference by
// its effect on a client that was written for the first.
//
// The rules are a table (rules.go, generated into RULES.md): the change, its direction
// (request or response), the verdict and the reason. The comparison (operation.go,
// schema.go, union.go) only finds changes; it does not depend on verdicts. The direction
// matters: a narrower request breaks the client, a narrower response does not. A response
// that may contain more values is breaking only if they may be of another type.
package compare
