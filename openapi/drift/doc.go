// Package drift compares two versions of Atlas's specification of snapshot export buckets,
// and classifies the changes by their effect on clients.
//
//	upstream, err := new(drift.Source).Read(ctx, "atlas-v2.yaml")
//	report, err := drift.Compare(ctx, drift.Options{Upstream: upstream})
//	fmt.Println(report.Verdict) // in-sync, docs, planning, additive, tolerate or breaking
//
// A comparison goes through these steps:
//
//   - read.go reads the specification, from a file, a pipe or the web;
//   - selection.go selects the operations to compare: those of export buckets, or those
//     that the user selects from a baseline;
//   - contract_set.go determines which operations and resource versions each side has;
//   - planning.go compares these operations and versions, and the sunset dates, in the
//     uncorrected documents;
//   - correct.go applies the contract's corrections to the effective operations (package
//     internal/oas);
//   - internal/compare compares the effective operations and assigns verdicts: RULES.md lists
//     every rule with its reason;
//   - merge.go and inherit.go merge the differences with one cause into one entry, for any
//     number of operations, versions and directions;
//   - accept.go removes the changes that the user has accepted;
//   - report.go, model.go and write.go write the report, and update_plan.go adds the command
//     that updates the baseline.
//
// An effective operation contains the pointer and the line of each of its parts in the
// user's file. Two differences at one place are one change.
//
// Some effects are not computed. A condition (if, then, else) that differs is reported as
// not-judged. In a oneOf without a discriminator, a value that matches two forms is
// refused. drift reports if forms begin or cease to overlap, but not if overlapping forms
// overlap in more or fewer values.
//
// Specifications are hostile input: sizes, depths and numbers are bounded, and a document
// that cannot be compared is an error, never the absence of drift.
package drift
