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

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// Verdict is what a change means to a client.
type Verdict = judge.Verdict

// The verdicts, the worst first.
const (
	Breaking = judge.Breaking
	Tolerate = judge.Tolerate
	Additive = judge.Additive
	Planning = judge.Planning
	Docs     = judge.Docs
	InSync   = judge.InSync
)

// Direction is the way that a declaration travels: request, response or both.
type Direction = judge.Direction

// Report is what changed. Its JSON form is fixed.
type Report struct {
	// Verdict is the worst of the changes, or InSync.
	Verdict Verdict `json:"verdict"`
	// Changes are the worst first, then in the order of the operations.
	Changes []Change `json:"changes"`
	// Notes are facts that are no change, outside the verdict.
	Notes []Note `json:"notes"`
	// Accepted are changes that an acceptance took out of the verdict.
	Accepted []Accepted `json:"accepted"`
	// UnusedAcceptances accept nothing.
	UnusedAcceptances []Unused `json:"unusedAcceptances"`

	// Upstream and Baseline are what the two sides are called, AsOf the day that ends
	// were held against, as YYYY-MM-DD.
	Upstream string `json:"-"`
	Baseline string `json:"-"`
	AsOf     string `json:"-"`
	// Stdin tells that upstream came through a pipe and has no name to read it by again.
	Stdin bool `json:"-"`

	takeIn takeIn
}

// Change is one root cause.
type Change struct {
	// ID is the same on each run: made of the rule and the place.
	ID      string  `json:"id"`
	Verdict Verdict `json:"verdict"`
	// Rule is the rule's stable id; see Rules.
	Rule      string    `json:"rule"`
	Direction Direction `json:"direction"`
	// Operations and Versions are the ones that it hits.
	Operations []string `json:"operations"`
	Versions   []string `json:"versions"`
	// Pointer is the JSON pointer of the declaration upstream, or in the baseline
	// when upstream no longer has it.
	Pointer string `json:"pointer"`
	// Old and New are the values before and now; null for none.
	Old json.RawMessage `json:"old"`
	New json.RawMessage `json:"new"`
	// Message is one sentence.
	Message string `json:"message"`
	// Affects are the exported names of this module's client and gen packages that
	// taking the change in would change.
	Affects []string `json:"affects"`
	// Next says what a client's owner does about it.
	Next string `json:"next"`
	// Upstream and Baseline are the places in the two files.
	Upstream Place `json:"upstream"`
	Baseline Place `json:"baseline"`
}

// Place is a place in a file. What is not there has its would-be place.
type Place struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Pointer string `json:"pointer"`
}

// report turns what was found into a report.
func (c *comparison) report() (*Report, error) {
	r := &Report{
		Verdict: InSync, Changes: []Change{}, Notes: []Note{}, Accepted: []Accepted{}, UnusedAcceptances: []Unused{},
		Upstream: c.is.name, Baseline: c.was.name, AsOf: c.today().Format(time.DateOnly), Stdin: c.options.Upstream.Piped,
		takeIn: c.takeIn(),
	}
	for _, cause := range c.causes() {
		r.Changes = append(r.Changes, c.change(cause))
	}
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return cmp.Compare(slices.Index(judge.Verdicts(), a.Verdict), slices.Index(judge.Verdicts(), b.Verdict))
	})
	c.distinguish(r.Changes)
	c.noteCorrections()
	r.Notes = append(r.Notes, c.notes...)
	c.options.Accepted.apply(r, c.today())
	for _, change := range r.Changes {
		if change.Verdict.Worse(r.Verdict) {
			r.Verdict = change.Verdict
		}
	}
	return r, nil
}

func (c *comparison) change(cause *cause) Change {
	w := cause.worst()
	upstream, baseline := c.locate(w.Is, w.isDoc), c.locate(w.Was, w.wasDoc)
	main := upstream
	if !w.Found && w.Lost || w.isDoc == nil {
		main = baseline
	}
	ch := Change{
		Verdict: w.Rule.Verdict, Rule: w.Rule.ID, Direction: cause.direction(),
		Operations: cause.operations(), Versions: cause.versions(),
		Pointer: main.Pointer, Old: w.Old, New: w.New, Next: w.Rule.Next,
		Upstream: upstream, Baseline: baseline,
	}
	ch.Message = cause.where() + ": " + w.Rule.Fill(value(json.RawMessage(w.Item)), w.Keyword, value(w.Old), value(w.New))
	if w.Detail != "" {
		ch.Message += " (" + w.Detail + ")"
	}
	doc := w.isDoc
	if main == baseline {
		doc = w.wasDoc
	}
	ch.ID = c.identify(w.Rule.ID, main.Pointer, w.Item, doc)
	ch.Affects = c.affects(cause)
	return ch
}

// locate gives a place in the file as the user gave it.
func (c *comparison) locate(p shape.Place, doc *trim.Document) Place {
	if doc == nil || p.IsZero() {
		return Place{}
	}
	return Place{File: doc.Name(), Line: p.Line, Pointer: pointerIn(doc.Root(), p)}
}

// value writes JSON as a reader would: strings without quotes, nothing as none.
func value(raw json.RawMessage) string {
	if raw == nil {
		return "none"
	}
	var s string
	if json.Unmarshal(raw, &s) == nil && s != "" {
		return s
	}
	return string(raw)
}

// identify makes the stable id of a change: of the rule, the place in the contract's
// notation, and what of a list it is. Neither the order of lists nor the counts of
// anything take part.
func (c *comparison) identify(rule, pointer, item string, doc *trim.Document) string {
	sum := sha256.Sum256([]byte(rule + "\n" + c.notation(pointer, doc) + "\n" + item))
	return rule + "-" + hex.EncodeToString(sum[:4])
}

// notation writes a pointer as the contract would: its names for components and
// paths, parameters by name, and no allOf.
func (c *comparison) notation(pointer string, doc *trim.Document) string {
	steps := tree.Split(pointer)
	if len(steps) > 2 && steps[0] == "components" {
		if named := tree.Split(c.names[tree.Join("", steps[:3]...)]); len(named) == 3 {
			copy(steps, named)
		}
	}
	var out []string
	at := ""
	for i := 0; i < len(steps); i++ {
		at = tree.Join(at, steps[i])
		switch {
		case i+1 < len(steps) && isIndex(steps[i+1]) && isWrapper(doc, at, steps[i]):
			i++
			at = tree.Join(at, steps[i])
		case i > 0 && steps[i-1] == "parameters" && isIndex(steps[i]):
			out = append(out, parameterName(doc, at))
		case isIndex(steps[i]) && i == len(steps)-1:
		case i == 1 && steps[0] == "paths":
			out = append(out, pathKey(doc, steps[i]))
		default:
			out = append(out, steps[i])
		}
	}
	return tree.Join("", out...)
}

// isWrapper tells whether a list of schemas only puts one together: allOf, or a
// choice of one.
func isWrapper(doc *trim.Document, pointer, keyword string) bool {
	switch keyword {
	case "allOf":
		return true
	case "oneOf", "anyOf":
		return doc != nil && len(tree.Items(tree.Resolve(doc.Root(), pointer))) == 1
	}
	return false
}

func pathKey(doc *trim.Document, path string) string {
	if doc == nil {
		return path
	}
	return shape.KeyAt(doc.Root(), path, "")
}

func isIndex(step string) bool {
	_, err := strconv.Atoi(step)
	return err == nil
}

func parameterName(doc *trim.Document, pointer string) string {
	if doc == nil {
		return ""
	}
	p := tree.Resolve(doc.Root(), pointer)
	if ref := tree.Text(tree.Get(p, "$ref")); ref != "" {
		return ref
	}
	return tree.Text(tree.Get(p, "in")) + " " + tree.Text(tree.Get(p, "name"))
}

// distinguish makes ids unique: should two changes have one, their sentences take part.
func (c *comparison) distinguish(changes []Change) {
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

// Rules lists the rules by which changes are judged, in the order of RULES.md.
func Rules() []Rule {
	var out []Rule
	for _, r := range judge.Rules() {
		out = append(out, *r)
	}
	return out
}

// Rule is one way in which a contract can change, with its verdict and its reason.
type Rule = judge.Rule

// ExitCode gives the code that a command ends with: 0 when the report is milder than
// failOn, else 1 for Breaking and 3 for anything milder.
func (r *Report) ExitCode(failOn Verdict) int {
	switch {
	case r.Verdict == InSync || failOn.Worse(r.Verdict):
		return 0
	case r.Verdict == Breaking:
		return 1
	}
	return 3
}
