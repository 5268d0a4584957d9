package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strconv"
	"strings"
)

var (
	//go:embed page/page.tmpl
	pageTemplate string
	//go:embed page/page.css
	pageStyle string
	//go:embed page/page.js
	pageScript string

	page = template.Must(template.New("page").Parse(pageTemplate))
)

// writeHTML writes the report as one page without external resources: no network, no fonts,
// no pictures. Its policy allows only the page's own style and script, by their hashes, so
// that quoted text could not run even if the template did not escape it.
func writeHTML(w io.Writer, r *Report, _ Options) error {
	var b bytes.Buffer
	if err := page.Execute(&b, newPageView(r)); err != nil {
		return fmt.Errorf("write the report's page: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// contentPolicy allows the page's own style and script and nothing else. A
// data: picture is allowed for the empty icon, which keeps browsers from asking
// for one.
func contentPolicy() string {
	return strings.Join([]string{
		"default-src 'none'", "style-src " + sourceHash(pageStyle), "script-src " + sourceHash(pageScript),
		"img-src data:", "base-uri 'none'", "form-action 'none'",
	}, "; ")
}

func sourceHash(source string) string {
	sum := sha256.Sum256([]byte(source))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// pageView is the data of the template: the model in the terms of the page.
type pageView struct {
	CSP                            string
	Style                          template.CSS
	Script                         template.JS
	Title, Verdict, Class, Summary string
	Icon                           string
	Tool, ToolURL, Version         string
	Words                          pageWords
	Subject                        []Label
	Counters                       []counterView
	Ring                           *ringView
	Nav                            []navView
	Unreadable                     []unreadableView
	ItemsTitle                     string
	Items                          []itemView
	Marks                          []markView
	Operations, RuleNames          []string
	Coverage                       *coverageView
	Notes                          []noteView
	Accepted                       []acceptedView
	Unused                         []acceptedView
	Rules                          []ruleView
	First, Next                    string
}

// pageWords are the terms for a kind of report, for the template.
type pageWords struct{ Items, Expected, Actual string }

type (
	counterView struct {
		Name  string
		Value int
		Class string
	}
	navView        struct{ ID, Name, Count string }
	unreadableView struct{ Place, Reason string }
	noteView       struct{ Message, Place, Next string }
	acceptedView   struct{ ID, State, Message, Why string }
	markView       struct {
		Name, Class string
		Count       int
	}
	ruleView struct {
		ID, Short, Help string
		Count           int
	}
)

func newPageView(r *Report) *pageView {
	words := r.Kind.words()
	v := &pageView{
		Icon: icons[r.level().rank()],
		CSP:  contentPolicy(), Style: template.CSS(pageStyle), Script: template.JS(pageScript),
		Title: cmp.Or(r.Title, "Report"), Verdict: r.verdict(), Class: class(r.Verdict.Name, r.level()), Summary: r.summary(),
		Tool: cmp.Or(r.Tool.Name, "exportbuckets"), ToolURL: webURL(r.Tool.URL), Version: r.Tool.Version,
		Words: pageWords{words.items, words.expected, words.actual}, Subject: r.Subject, First: r.First, Next: r.Next,
		ItemsTitle: strings.ToUpper(words.items[:1]) + words.items[1:],
	}
	for _, c := range r.Counters {
		v.Counters = append(v.Counters, newCounterView(c))
	}
	for _, u := range r.Unreadable {
		v.Unreadable = append(v.Unreadable, unreadableView{placeName(u.Location), u.Reason})
	}
	for n, i := range r.Items {
		v.Items = append(v.Items, newItemView(n+1, i, r.Kind))
	}
	v.filters(r.Items)
	if r.Coverage != nil {
		v.Coverage, v.Ring = newCoverageView(r.Coverage), newRingView(r.Coverage)
	}
	v.addNotesAndAcceptances(r)
	v.rules(r)
	v.nav()
	return v
}

// icons are the paths of the verdict's icon by level, in a circle of 24 by 24: a cross, an
// exclamation mark, an i, a check mark.
var icons = [...]string{
	"M8 8l8 8M16 8l-8 8", "M12 6.5v7M12 17.4v.1", "M12 11v6.5M12 7v.1", "M7 12.5l3.4 3.4L17 9",
}

// class selects the color of a verdict with its own color, else the color of the level. It
// returns only class names of the style sheet, for any model.
func class(verdict string, l Level) string {
	switch verdict {
	case "additive", "planning", "docs":
		return verdict
	}
	return string(l.known())
}

// newCounterView leaves a counter uncolored if it is 0 or has no level.
func newCounterView(c Counter) counterView {
	v := counterView{Name: c.Name, Value: c.Value}
	if c.Value != 0 && c.Level.known() != LevelNone {
		v.Class = class(c.Name, c.Level)
	}
	return v
}

// webURL returns s if it is a URL that is safe to follow, else "".
func webURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return s
}

// filters collects the values that items can be filtered by, in the order of the items.
func (v *pageView) filters(items []Item) {
	marks, operations, rules := map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, i := range items {
		at, known := marks[i.mark()]
		if !known {
			at = len(v.Marks)
			marks[i.mark()] = at
			v.Marks = append(v.Marks, markView{Name: i.mark(), Class: class(i.Verdict, i.Level)})
		}
		v.Marks[at].Count++
		for _, op := range i.Operations {
			if !operations[op] {
				operations[op] = true
				v.Operations = append(v.Operations, op)
			}
		}
		if !rules[i.Rule] {
			rules[i.Rule] = true
			v.RuleNames = append(v.RuleNames, i.Rule)
		}
	}
}

// addNotesAndAcceptances adds the notes and accepted changes to the page.
func (v *pageView) addNotesAndAcceptances(r *Report) {
	for _, n := range r.Notes {
		v.Notes = append(v.Notes, noteView{n.Message, n.Location.String(), n.Next})
	}
	for _, a := range r.Accepted {
		v.Accepted = append(v.Accepted, acceptedView{ID: a.Acceptance.ID, Message: a.Item.Message, Why: a.Acceptance.why()})
	}
	for _, a := range r.UnusedAcceptances {
		v.Unused = append(v.Unused, acceptedView{ID: a.ID, State: a.state(), Why: a.why()})
	}
}

// rules explains the rules of the items.
func (v *pageView) rules(r *Report) {
	counts := map[string]int{}
	for _, i := range r.Items {
		counts[i.Rule]++
	}
	for _, rule := range r.Rules {
		if n := counts[rule.ID]; n > 0 {
			v.Rules = append(v.Rules, ruleView{rule.ID, rule.Short, rule.Help, n})
		}
	}
}

func (v *pageView) nav() {
	add := func(id, name, count string, there bool) {
		if there {
			v.Nav = append(v.Nav, navView{id, name, count})
		}
	}
	add("unreadable", "Not checked", strconv.Itoa(len(v.Unreadable)), len(v.Unreadable) > 0)
	add("items", v.ItemsTitle, strconv.Itoa(len(v.Items)), true)
	if v.Coverage != nil {
		add("coverage", "Coverage", v.Coverage.Percent, true)
	}
	add("notes", "Notes", strconv.Itoa(len(v.Notes)), len(v.Notes) > 0)
	add("accepted", "Accepted", strconv.Itoa(len(v.Accepted)), len(v.Accepted)+len(v.Unused) > 0)
	add("rules", "Rules", strconv.Itoa(len(v.Rules)), len(v.Rules) > 0)
	add("then", "Next", "", v.First+v.Next != "")
	if len(v.Nav) == 1 {
		v.Nav = nil
	}
}
