// Package drift tells what changed between two versions of Atlas's specification of
// snapshot export buckets, judged as a client feels it.
//
//	upstream, err := new(drift.Source).Read(ctx, "atlas-v2.yaml")
//	report, err := drift.Compare(ctx, drift.Options{Upstream: upstream})
//	fmt.Println(report.Verdict) // in-sync, docs, planning, additive, tolerate or breaking
//
// A comparison goes through these steps:
//
//   - read.go reads the specification, from a file, a pipe or the web;
//   - selection.go selects the operations to compare: those of export buckets, or the
//     ones that the user selects in a baseline of their own;
//   - contract_set.go finds out which of them, and which resource versions, each side shows;
//   - planning.go compares those, and when versions end, in the documents as they came;
//   - correct.go corrects the effective operations (package internal/oas) as the
//     contract is corrected;
//   - internal/judge compares them and knows the verdicts: RULES.md lists every rule
//     with its reason;
//   - merge.go and inherit.go make one entry of what one edit caused, however many
//     operations, versions and directions it affects;
//   - accept.go takes out what the user has accepted;
//   - report.go, model.go and write.go report it, and update_plan.go has the command that
//     updates the baseline.
//
// Places connect all of this: an effective operation knows the pointer and the line of
// each of its parts in the user's own file. Two differences of one place are one change.
//
// Specifications are hostile input: sizes, depths and numbers are bounded, and a
// document that can't be compared is an error, never the absence of drift.
package drift
