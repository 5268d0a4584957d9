package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// ringView is the ring that shows the coverage, with a mark at the minimum.
type ringView struct {
	Class, Label, Dash, Tick, Percent, Note string
}

func newRingView(c *Coverage) *ringView {
	share := min(max(c.Percent, 0), 100)
	v := &ringView{Class: "none", Percent: percent(c.Percent), Dash: strconv.FormatFloat(share, 'f', 1, 64), Label: c.headline()}
	if c.Minimum > 0 {
		v.Tick = strconv.FormatFloat(min(c.Minimum, 100)*3.6, 'f', 1, 64)
		v.Note = percent(c.Minimum) + " wanted"
	}
	if c.Short() {
		v.Class = "error"
	}
	return v
}

// coverageView is the heat map and the list of parts that were never seen.
type coverageView struct {
	Percent, Headline string
	Groups            []groupView
	Columns           []columnView
	Rows              []rowView
}

type groupView struct {
	Name string
	Span int
}

type columnView struct {
	Name  string
	First bool
}

type rowView struct {
	Method, Operation, Version, Percent, Gap string
	Open                                     bool
	Cells                                    []cellView
	Responses                                []responseView
}

// cellView is one cell of the heat map. Its class determines the color.
type cellView struct {
	Column, Text, Title, Class string
	// First marks the first column of a group; Void marks a cell that the contract does not
	// declare.
	First, Void bool
}

type responseView struct {
	Status, MediaType, Text string
	Missing                 []string
}

func newCoverageView(c *Coverage) *coverageView {
	v := &coverageView{Percent: percent(c.Percent), Headline: c.headline()}
	statuses, branches := c.statuses(), c.branches()
	v.group("responses", statuses)
	v.group("union branches", branches)
	v.group("parts", []string{"fields", "enum values"})
	for _, op := range c.Operations {
		row := rowView{Method: op.Method, Operation: op.Operation, Version: op.Version, Percent: percent(op.Percent)}
		for _, status := range statuses {
			row.Cells = append(row.Cells, op.statusCell(status))
		}
		for _, branch := range branches {
			row.Cells = append(row.Cells, op.branchCell(branch))
		}
		row.Cells = append(row.Cells, op.tallyCell("fields", func(r ResponseCoverage) Tally { return r.Fields }),
			op.tallyCell("enum values", func(r ResponseCoverage) Tally { return r.Values }))
		for i := range row.Cells {
			row.Cells[i].First = v.Columns[i].First
		}
		row.responses(op)
		v.Rows = append(v.Rows, row)
	}
	return v
}

// group adds columns with one heading. The first column of a group is marked.
func (v *coverageView) group(name string, columns []string) {
	if len(columns) == 0 {
		return
	}
	v.Groups = append(v.Groups, groupView{name, len(columns)})
	for i, c := range columns {
		v.Columns = append(v.Columns, columnView{c, i == 0})
	}
}

// statuses returns the statuses that any operation declares, sorted by statusRank.
func (c *Coverage) statuses() []string {
	return c.names(func(r ResponseCoverage) []string { return []string{r.Status} }, func(a, b string) int {
		return cmp.Or(cmp.Compare(statusRank(a), statusRank(b)), strings.Compare(a, b))
	})
}

// statusRank sorts "4XX" after every status from 400 to 499, and "default" last.
func statusRank(status string) int {
	if n, err := strconv.Atoi(status); err == nil {
		return n
	}
	if n, err := strconv.Atoi(strings.Replace(strings.ToUpper(status), "XX", "99", 1)); err == nil {
		return n
	}
	return 1000
}

// branches returns the branches of all unions in the order of the contract.
func (c *Coverage) branches() []string {
	return c.names(func(r ResponseCoverage) []string {
		var names []string
		for _, b := range r.Branches {
			names = append(names, b.Name)
		}
		return names
	}, nil)
}

// names collects the names of all responses, each once, in order of appearance or sorted
// with order.
func (c *Coverage) names(of func(ResponseCoverage) []string, order func(a, b string) int) []string {
	var all []string
	for _, op := range c.Operations {
		for _, r := range op.Responses {
			for _, name := range of(r) {
				if !slices.Contains(all, name) {
					all = append(all, name)
				}
			}
		}
	}
	if order != nil {
		slices.SortFunc(all, order)
	}
	return all
}

// statusCell returns the cell for an operation's responses of one status and any media
// type. Its title contains the figures of the line in the text report.
func (o OperationCoverage) statusCell(status string) cellView {
	var seen, total, exchanges int
	var titles []string
	for _, r := range o.Responses {
		if r.Status == status {
			s, t := r.parts()
			seen, total, exchanges = seen+s, total+t, exchanges+r.Exchanges
			titles = append(titles, strings.Join(nonEmpty([]string{r.counts(false), r.MediaType}), "; "))
		}
	}
	if total == 0 {
		return cellView{Column: status, Void: true, Title: status + ": not declared"}
	}
	return cellView{Column: status, Text: number(exchanges), Title: strings.Join(titles, "; "), Class: shareClass(seen, total)}
}

// parts counts the declared parts of a response: itself, its branches, fields and enum
// values.
func (r ResponseCoverage) parts() (seen, total int) {
	seen, total = r.Fields.Seen+r.Values.Seen, 1+r.Fields.Total+r.Values.Total+len(r.Branches)
	if r.Exchanges > 0 {
		seen++
	}
	for _, b := range r.Branches {
		if b.Exchanges > 0 {
			seen++
		}
	}
	return seen, total
}

func (o OperationCoverage) branchCell(name string) cellView {
	exchanges, declared := 0, false
	for _, r := range o.Responses {
		for _, b := range r.Branches {
			if b.Name == name {
				exchanges, declared = exchanges+b.Exchanges, true
			}
		}
	}
	if !declared {
		return cellView{Column: name, Void: true, Title: name + ": not declared"}
	}
	return cellView{Column: name, Text: number(exchanges), Title: name + ": " + phrase.Count(exchanges, "exchange"), Class: shareClass(min(exchanges, 1), 1)}
}

// tallyCell adds up the tallies of the responses that were seen. A response that was never
// seen has a separate cell.
func (o OperationCoverage) tallyCell(name string, of func(ResponseCoverage) Tally) cellView {
	var sum Tally
	for _, r := range o.Responses {
		if r.Exchanges > 0 {
			sum.Seen, sum.Total = sum.Seen+of(r).Seen, sum.Total+of(r).Total
		}
	}
	if sum.Total == 0 {
		return cellView{Column: name, Void: true, Title: name + ": none declared in the responses seen"}
	}
	return cellView{Column: name, Text: fmt.Sprintf("%d/%d", sum.Seen, sum.Total), Title: sum.text(name) + " in the responses seen", Class: shareClass(sum.Seen, sum.Total)}
}

// responses adds the detail of an operation, expanded if a response that was seen lacks
// some part.
func (v *rowView) responses(op OperationCoverage) {
	unseen := 0
	for _, r := range op.Responses {
		a := responseView{Status: r.Status, MediaType: r.MediaType, Missing: r.missing()}
		for _, b := range r.Branches {
			if b.Exchanges == 0 {
				a.Missing = append(a.Missing, "branch "+b.Name)
			}
		}
		switch {
		case r.Exchanges == 0:
			a.Text, a.Missing = "never seen", nil
			unseen++
		case r.Complete():
			a.Text = phrase.Count(r.Exchanges, "exchange") + ", nothing missing"
		case len(a.Missing) == 0:
			a.Text = phrase.Count(r.Exchanges, "exchange")
		default:
			a.Text = phrase.Count(r.Exchanges, "exchange") + ", never with"
		}
		v.Responses = append(v.Responses, a)
	}
	v.Gap = fmt.Sprintf("%d of %s never seen", unseen, phrase.Count(len(op.Responses), "response"))
}

// shareClass returns the CSS class of a share: h0 for none, h5 for all, and h1 to h4 for the rest.
func shareClass(seen, total int) string {
	switch {
	case seen <= 0 || total <= 0:
		return "h0"
	case seen >= total:
		return "h5"
	}
	return "h" + strconv.Itoa(min(1+seen*4/total, 4))
}

// number shortens a number to fit a square: 12, 1.2k, 34k.
func number(n int) string {
	switch {
	case n == 0:
		return "–"
	case n < 1000:
		return strconv.Itoa(n)
	case n < 10_000:
		return strconv.FormatFloat(float64(n/100)/10, 'f', -1, 64) + "k"
	}
	return strconv.Itoa(n/1000) + "k"
}
