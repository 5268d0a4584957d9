// Package drift tells what changed between two versions of Atlas's specification of
// snapshot export buckets, judged as a client feels it.
//
//	upstream, err := new(drift.Source).Read(ctx, "atlas-v2.yaml")
//	report, err := drift.Compare(drift.Options{Upstream: upstream})
//	fmt.Println(report.Verdict) // in-sync, docs, planning, additive, tolerate or breaking
//
// A comparison goes through these steps:
//
//   - read.go reads the specification, from a file, a pipe or the web;
//   - selection.go settles which operations are compared: those of export buckets, or
//     the ones that the user names out of a baseline of their own;
//   - side.go finds out which of them, and which resource versions, each side shows;
//   - planning.go compares those, and when versions end, in the documents as they came;
//   - shapes.go cuts each version out (package trim), brings it into the contract's
//     notation, corrects it as the contract is corrected, and makes its normal form;
//   - internal/judge compares the normal forms and knows the verdicts: RULES.md lists
//     every rule with its reason;
//   - merge.go and inherit.go make one entry of what one edit caused, however many
//     operations, versions and directions it hits;
//   - accept.go takes out what the user has accepted;
//   - report.go and model.go tell it, and takein.go the command that takes it in.
//
// Places are what ties this together: everything in a normal form knows the line that
// it was read from, through cutting, merging and correcting. Two differences with one
// line behind them are one change.
//
// Specifications are hostile input: sizes, depths and numbers are bounded, and a
// document that can't be compared is an error, never the absence of drift.
package drift
