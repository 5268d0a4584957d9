package contracttest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// model returns the report in the form of package report, which writes every format.
// version is the module's version.
func (r *Report) model(version string) *report.Report {
	m := &report.Report{
		Kind:     report.Findings,
		Title:    "Recordings against the contract",
		Tool:     report.Tool{Name: "exportbuckets verify", Version: version, URL: "https://github.com/atlas-exportbuckets/exportbuckets"},
		Subject:  r.subject,
		Verdict:  r.verdict(),
		Counters: r.counters(),
		Rules:    ruleTexts(),
		Coverage: r.Coverage.model(),
		Document: r,
	}
	for i := range r.Findings {
		m.Items = append(m.Items, r.Findings[i].item())
	}
	for _, u := range r.Unreadable {
		m.Unreadable = append(m.Unreadable, report.Unreadable{Location: u.Recording.location(""), Reason: u.Reason})
	}
	m.Notes = r.notes()
	return m
}

// notes returns facts about what was not validated.
func (r *Report) notes() []report.Item {
	var notes []report.Item
	if n := r.Summary.BodiesNotRecorded; n > 0 {
		note := report.Item{Rule: "bodies-not-recorded", Message: notRecorded(n), Next: "record with the bodies in the file: " + embedHint}
		if r.bodyFile != "" {
			note.Next = fmt.Sprintf("the HAR keeps bodies in other files (_file: %s), which are not read: %s", r.bodyFile, embedHint)
		}
		notes = append(notes, note)
	}
	if n := r.Summary.Omitted; n > 0 {
		notes = append(notes, report.Item{
			Rule: "findings-not-listed", Message: fmt.Sprintf("findings counted but not listed, because there are too many: %d", n),
			Next: "fix the listed findings, or turn a rule off with --severity RULE=off",
		})
	}
	if n := r.Summary.PreviewsLeftOut; n > 0 {
		notes = append(notes, report.Item{Rule: "previews-left-out", Message: fmt.Sprintf("skipped, existing only as a preview: %d", n), Next: "API version preview includes them, and so does an operation's exact name"})
	}
	for _, why := range r.Corrections {
		notes = append(notes, report.Item{Rule: "corrected", Message: "the contract was corrected: " + why})
	}
	for _, n := range r.NotJudged {
		notes = append(notes, report.Item{
			Rule: "not-judged", Message: "not judged: " + n.Reason, Count: n.Count, Operations: []string{n.Operation},
			Related: &report.Location{File: n.Spec.File, Line: n.Spec.Line, Pointer: n.Spec.Pointer},
		})
	}
	for _, s := range r.SkippedRecordings {
		notes = append(notes, report.Item{Rule: "skipped-recording", Message: "skipped: " + s.Reason, Location: s.Recording.location("")})
	}
	return notes
}

func notRecorded(n int) string {
	if n == 1 {
		return "1 body is not in the recordings and was not validated"
	}
	return fmt.Sprintf("%d bodies are not in the recordings and were not validated", n)
}

// embedHint lists recorders that keep bodies in the recording.
const embedHint = "Playwright's recordHar with content \"embed\", a browser's \"Save all as HAR with content\", or contracttest.NewRecorder do so"

func (r *Report) verdict() report.Verdict {
	v := report.Verdict{Name: "pass", Level: report.LevelNone}
	s := r.Summary
	v.Text = fmt.Sprintf("%s in %s of %s", phrase.Count(s.Errors, "error"), phrase.Count(s.Checked, "exchange"), phrase.Count(s.Files, "file"))
	switch {
	case s.Checked == 0:
		v.Name, v.Level, v.Text = "fail", report.LevelError, "nothing was validated"
	case len(r.Unreadable) > 0:
		v.Name, v.Level = "fail", report.LevelError
		v.Text += fmt.Sprintf("; %d could not be read", len(r.Unreadable))
	case !r.Holds():
		v.Name, v.Level = "fail", report.LevelError
	case s.Warnings > 0:
		v.Level = report.LevelWarning
	}
	if r.Coverage.Short() {
		v.Text += fmt.Sprintf("; coverage %v %% is below the minimum of %v %%", r.Coverage.Percent, r.Coverage.Minimum)
	}
	return v
}

func (r *Report) counters() []report.Counter {
	s := r.Summary
	counters := []report.Counter{
		{Name: "files", Value: s.Files}, {Name: "exchanges", Value: s.Exchanges}, {Name: "checked", Value: s.Checked},
		{Name: "out of scope", Value: s.OutOfScope},
		{Name: "errors", Value: s.Errors, Level: report.LevelError}, {Name: "warnings", Value: s.Warnings, Level: report.LevelWarning},
	}
	for _, rare := range []report.Counter{
		{Name: "bodies not recorded", Value: s.BodiesNotRecorded, Level: report.LevelWarning},
		{Name: "findings not listed", Value: s.Omitted, Level: report.LevelWarning},
		{Name: "skipped files", Value: s.Skipped}, {Name: "unanswered requests", Value: s.Unanswered},
	} {
		if rare.Value > 0 {
			counters = append(counters, rare)
		}
	}
	return counters
}

func (p Recording) location(pointer string) report.Location {
	l := report.Location{File: p.File, Line: p.Line, Pointer: cmp.Or(p.Pointer, pointer)}
	if p.Entry >= 0 {
		l.Entry = &p.Entry
	}
	return l
}

func (f *Finding) item() report.Item {
	i := report.Item{
		Rule: string(f.Rule), Keyword: f.Keyword, Level: report.LevelError, Message: f.Message,
		Expected: f.Expected, Actual: f.Actual, Hint: f.Hint, Curl: f.Curl, Count: f.Count,
		Location: f.Recording.location(f.Pointer),
	}
	if f.Severity == SeverityWarning {
		i.Level = report.LevelWarning
	}
	if f.Operation != "" {
		i.Operations = []string{f.Operation}
	}
	if f.Spec.File != "" {
		i.Related = &report.Location{File: f.Spec.File, Line: f.Spec.Line, Pointer: f.Spec.Pointer}
	}
	for _, p := range f.Places {
		i.Places = append(i.Places, p.location(f.Pointer))
	}
	i.Labels = []report.Label{{Name: "status", Value: strconv.Itoa(f.Status)}}
	if f.MediaType != "" {
		i.Labels = append(i.Labels, report.Label{Name: "media type", Value: f.MediaType})
	}
	return i
}

func (c *Coverage) model() *report.Coverage {
	m := &report.Coverage{Percent: c.Percent, Minimum: c.Minimum, Seen: c.Seen, Total: c.Total, Evidence: period(c.Oldest, c.Newest)}
	for _, o := range c.Operations {
		oc := report.OperationCoverage{Operation: o.Operation, Method: o.Method, Path: o.Path, Version: o.Version, Percent: o.Percent}
		for _, r := range o.Responses {
			oc.Responses = append(oc.Responses, r.model())
		}
		m.Operations = append(m.Operations, oc)
	}
	return m
}

// period returns the first and last day of the recordings.
func period(oldest, newest string) string {
	switch {
	case oldest == "":
		return ""
	case oldest[:10] == newest[:10]:
		return oldest[:10]
	}
	return oldest[:10] + " to " + newest[:10]
}

func (r *ResponseCoverage) model() report.ResponseCoverage {
	m := report.ResponseCoverage{Status: r.Status, MediaType: r.MediaType, Exchanges: r.Exchanges,
		Fields: report.Tally{Seen: r.Fields.Seen, Total: r.Fields.Total, Missing: slices.Clone(r.MissingFields)},
		Values: report.Tally{Seen: r.Values.Seen, Total: r.Values.Total, Missing: slices.Clone(r.MissingValues)},
	}
	for _, name := range slices.Sorted(maps.Keys(r.Variants)) {
		m.Branches = append(m.Branches, report.BranchCoverage{Name: name, Exchanges: r.Variants[name]})
	}
	return m
}
