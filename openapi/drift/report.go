package drift

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Report lists the changes. Its JSON form is stable.
type Report struct {
	// Verdict is the worst verdict of the changes, or InSync.
	Verdict Verdict `json:"verdict"`
	// Changes are sorted by verdict, the worst first, and then in the order of the
	// operations.
	Changes []Change `json:"changes"`
	// Notes are facts that are not changes and do not affect the verdict.
	Notes []Note `json:"notes"`
	// Accepted are the changes that do not count, because of an acceptance.
	Accepted []Accepted `json:"accepted"`
	// UnusedAcceptances are the acceptances that apply to no change.
	UnusedAcceptances []Unused `json:"unusedAcceptances"`

	// Upstream and Baseline are the names of the two sides. AsOf is the day with which
	// sunset dates were compared, as YYYY-MM-DD.
	Upstream string `json:"-"`
	Baseline string `json:"-"`
	AsOf     string `json:"-"`
	// FailOn is the mildest verdict that Write marks as a failure; "" is Planning.
	FailOn Verdict `json:"-"`
	// Stdin is true if upstream was read from standard input, so that no command can read
	// it again.
	Stdin bool `json:"-"`

	updatePlan updatePlan
}

// Change is a set of differences with one root cause.
type Change struct {
	// ID is the same on every run. It is derived from the rule and the place.
	ID      string  `json:"id"`
	Verdict Verdict `json:"verdict"`
	// Rule is the rule's stable id; see Rules.
	Rule      string    `json:"rule"`
	Direction Direction `json:"direction"`
	// Operations and Versions are the affected ones.
	Operations []string `json:"operations"`
	Versions   []string `json:"versions"`
	// Pointer is the JSON pointer of the declaration in the upstream document, or in the
	// baseline if upstream no longer has it.
	Pointer string `json:"pointer"`
	// Old and New are the values in the baseline and upstream; null means that there is no
	// value.
	Old json.RawMessage `json:"old"`
	New json.RawMessage `json:"new"`
	// Message is one sentence.
	Message string `json:"message"`
	// Affects lists the exported names in packages client and gen that would change if the
	// contract included the change.
	Affects []string `json:"affects"`
	// Next is the recommended action for the owner of a client.
	Next string `json:"next"`
	// Upstream and Baseline are the places in the two files.
	Upstream Place `json:"upstream"`
	Baseline Place `json:"baseline"`
}

// Place is a place in a file. For a missing part, it is the place of the object that would
// contain it.
type Place struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Pointer string `json:"pointer"`
}

// report returns the report of the comparison.
func (c *comparison) report() (*Report, error) {
	r := &Report{
		Verdict: InSync, Changes: []Change{}, Notes: []Note{}, Accepted: []Accepted{}, UnusedAcceptances: []Unused{},
		Upstream: c.revision.name, Baseline: c.base.name, AsOf: c.today().Format(time.DateOnly), Stdin: c.options.Upstream.Piped,
		updatePlan: c.updatePlan(),
	}
	rank := c.positions()
	for _, cause := range c.causes() {
		if err := c.budget.Work(1); err != nil {
			return nil, err
		}
		r.Changes = append(r.Changes, c.change(cause, rank))
	}
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return cmp.Compare(a.Verdict.rank(), b.Verdict.rank())
	})
	c.makeIDsUnique(r.Changes)
	c.noteCorrections()
	r.Notes = append(r.Notes, c.allNotes()...)
	c.options.Accepted.apply(r, c.today())
	for _, change := range r.Changes {
		if change.Verdict.Worse(r.Verdict) {
			r.Verdict = change.Verdict
		}
	}
	return r, nil
}

func (c *comparison) change(cause *cause, rank map[string]int) Change {
	w := cause.worst()
	main, operations := w.Revision, cause.operations(rank)
	if !w.Found && w.Lost || w.Revision.IsZero() {
		main = w.Base
	}
	ch := Change{
		Verdict: Verdict(w.Rule.Verdict), Rule: w.Rule.ID, Direction: Direction(cause.direction()),
		Operations: operations, Versions: cause.versions(),
		Pointer: main.Pointer, Old: w.Old, New: w.New, Next: w.Rule.Next,
		Upstream: locate(w.Revision), Baseline: locate(w.Base),
	}
	ch.Message = cause.where(operations) + ": " + w.Sentence()
	if w.Detail != "" {
		ch.Message += " (" + w.Detail + ")"
	}
	if !w.Base.IsZero() {
		main = w.Base
	}
	ch.ID = identify(w.Rule.ID, normalPointer(main), w.Item)
	ch.Affects = c.affects(cause)
	return ch
}

// positions returns the position of each operation in the order of operations, by name.
func (c *comparison) positions() map[string]int {
	out := make(map[string]int)
	for i, key := range c.keys {
		for _, s := range []*contractSet{c.revision, c.base} {
			for _, v := range s.operations[key] {
				out[c.nameOf(v)] = i
			}
		}
	}
	return out
}

// locate returns a place in the user's file. For a missing part, it is the place of the
// object that would contain it.
func locate(p oas.Place) Place {
	if p.IsZero() {
		return Place{}
	}
	return Place{File: p.Doc.Name(), Line: p.Line, Pointer: p.Pointer}
}

// identify returns the stable id of a change. It is derived from the rule, the place in a
// form that does not depend on notation, and the item of a list. It depends neither on the
// order nor on the length of lists.
func identify(rule, pointer, item string) string {
	sum := sha256.Sum256([]byte(rule + "\n" + pointer + "\n" + item))
	return rule + "-" + hex.EncodeToString(sum[:4])
}

// normalPointer returns the pointer of a place without the parts that depend on notation:
// paths are replaced by their keys, parameters by their names, and allOf is omitted.
func normalPointer(p oas.Place) string {
	if p.IsZero() {
		return ""
	}
	steps := oas.Split(p.Declared())
	var out []string
	at := ""
	for i := 0; i < len(steps); i++ {
		at = oas.Join(at, steps[i])
		switch {
		case i+1 < len(steps) && isIndex(steps[i+1]) && isWrapper(p.Doc, at, steps[i]):
			i++
			at = oas.Join(at, steps[i])
		case i > 0 && steps[i-1] == "parameters" && isIndex(steps[i]):
			out = append(out, parameterName(p.Doc.Resolve(at)))
		case isIndex(steps[i]) && i == len(steps)-1:
		case i == 1 && steps[0] == "paths":
			out = append(out, oas.EmptyParameters(steps[i]))
		default:
			out = append(out, steps[i])
		}
	}
	return oas.Join("", out...)
}

// isWrapper reports whether a list of schemas is not a union: allOf, or a oneOf or anyOf
// with one member.
func isWrapper(doc *oas.Document, pointer, keyword string) bool {
	switch keyword {
	case "allOf":
		return true
	case "oneOf", "anyOf":
		return len(oas.Items(doc.Resolve(pointer))) == 1
	}
	return false
}

func isIndex(step string) bool {
	_, err := strconv.Atoi(step)
	return err == nil
}

func parameterName(p *oas.Node) string {
	if ref := oas.Ref(p); ref != "" {
		return ref
	}
	return oas.Text(oas.Get(p, "in")) + " " + oas.Text(oas.Get(p, "name"))
}

// makeIDsUnique makes ids unique. If two changes have the same id, their messages become part
// of the ids.
func (c *comparison) makeIDsUnique(changes []Change) {
	count := make(map[string]int)
	for _, ch := range changes {
		count[ch.ID]++
	}
	for i, ch := range changes {
		if count[ch.ID] > 1 {
			sum := sha256.Sum256([]byte(strings.Join([]string{ch.ID, ch.Pointer, ch.Message, string(ch.Old), string(ch.New)}, "\n")))
			changes[i].ID += "-" + hex.EncodeToString(sum[:4])
		}
	}
}

// ExitCode returns the exit code of a command: 0 if the verdict is milder than failOn, else
// 1 for Breaking and 3 for any other verdict.
func (r *Report) ExitCode(failOn Verdict) int {
	switch {
	case r.Verdict == InSync || failOn.Worse(r.Verdict):
		return 0
	case r.Verdict == Breaking:
		return 1
	}
	return 3
}
