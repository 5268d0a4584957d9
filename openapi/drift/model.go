package drift

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/compare"
)

// model returns the report in the form that the writers of package report use. version is
// the version of this program. Changes whose verdict is failOn or worse are marked as
// failing.
func (r *Report) model(version string, failOn Verdict) *report.Report {
	m := &report.Report{
		Kind:     report.Changes,
		Title:    "Upstream against the contract",
		Tool:     report.Tool{Name: "exportbuckets drift", Version: version, URL: "https://github.com/atlas-exportbuckets/exportbuckets"},
		Subject:  []report.Label{{Name: "upstream", Value: r.Upstream}, {Name: "baseline", Value: r.Baseline}, {Name: "as of", Value: r.AsOf}},
		Verdict:  report.Verdict{Name: string(r.Verdict), Level: levels[r.Verdict]},
		Counters: r.counters(),
		First:    r.first(),
		Next:     r.updatePlan.command(r),
		Document: r,
	}
	for _, c := range r.Changes {
		m.Items = append(m.Items, c.item(failOn))
	}
	for _, n := range r.Notes {
		m.Notes = append(m.Notes, report.Item{
			Rule: n.Kind, Level: report.LevelNote, Message: n.Message, Operations: n.Operations, Versions: n.Versions,
			Location: report.Location{File: r.Upstream, Pointer: n.Pointer, Line: n.Line},
		})
	}
	for _, a := range r.Accepted {
		m.Accepted = append(m.Accepted, report.Accepted{
			Item:       a.item(Docs),
			Acceptance: report.Acceptance{ID: a.ID, Reason: a.Reason, Expires: a.Expires},
		})
	}
	for _, u := range r.UnusedAcceptances {
		m.UnusedAcceptances = append(m.UnusedAcceptances, report.Acceptance{
			ID: u.ID, Reason: u.Reason + " (" + u.Why + ")", Expires: u.Expires, Expired: u.Expired,
		})
	}
	m.Rules = r.rules()
	return m
}

// levels maps the verdicts to the levels of the report.
var levels = map[Verdict]report.Level{
	Breaking: report.LevelError, Tolerate: report.LevelWarning,
	Additive: report.LevelNote, Planning: report.LevelNote, Docs: report.LevelNone, InSync: report.LevelNone,
}

func (r *Report) counters() []report.Counter {
	var out []report.Counter
	for _, v := range []Verdict{Breaking, Tolerate, Additive, Planning, Docs} {
		n := 0
		for _, c := range r.Changes {
			if c.Verdict == v {
				n++
			}
		}
		out = append(out, report.Counter{Name: string(v), Value: n, Level: levels[v]})
	}
	if len(r.Accepted) > 0 {
		out = append(out, report.Counter{Name: "accepted", Value: len(r.Accepted)})
	}
	return out
}

func (c Change) item(failOn Verdict) report.Item {
	it := report.Item{
		ID: c.ID, Rule: c.Rule, Level: levels[c.Verdict], Verdict: string(c.Verdict), Fails: !failOn.Worse(c.Verdict),
		Message: c.Message, Expected: shownJSON(c.Old), Actual: shownJSON(c.New), Next: c.Next,
		Operations: c.Operations, Versions: c.Versions, Affects: c.Affects,
		Labels: []report.Label{{Name: "direction", Value: string(c.Direction)}},
	}
	it.Location = c.Upstream.location()
	if c.Upstream.File == "" {
		it.Location = c.Baseline.location()
	} else if c.Baseline.File != "" {
		related := c.Baseline.location()
		it.Related = &related
	}
	return it
}

func (p Place) location() report.Location {
	return report.Location{File: p.File, Line: p.Line, Pointer: p.Pointer}
}

// shownJSON returns JSON as text, or "" for nil.
func shownJSON(raw []byte) string {
	if raw == nil {
		return ""
	}
	return string(raw)
}

// rules describes the rules of the report's changes.
func (r *Report) rules() []report.Rule {
	var ids []string
	for _, c := range r.Changes {
		ids = append(ids, c.Rule)
	}
	for _, a := range r.Accepted {
		ids = append(ids, a.Rule)
	}
	slices.Sort(ids)
	var out []report.Rule
	for _, id := range slices.Compact(ids) {
		rule := compare.RuleOf(id)
		out = append(out, report.Rule{ID: id, Short: rule.Summary(), Help: rule.Why + " " + rule.Next, Level: levels[Verdict(rule.Verdict)]})
	}
	return out
}
