package contracttest

import (
	"math"
	"slices"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
)

// report returns the coverage of the versions that the recordings have, and errors for the
// operations that cannot be used, which it omits.
func (c *coverage) report(minimum float64) (Coverage, []error) {
	all := Coverage{Minimum: minimum, Operations: []OperationCoverage{}}
	if len(c.versions) == 0 {
		c.versions[c.last] = true
	}
	whole := points{}
	listed := map[hitKey]bool{}
	var when hits
	var unusable []error
	for _, version := range c.contract.Versions() {
		if !c.versions[version] {
			continue
		}
		operations, errs := c.contract.Operations(version)
		unusable = append(unusable, errs...)
		for _, op := range operations {
			op := c.contract.AsListed(op)
			key := hitKey{method: op.Method, template: op.Template, at: op.Version}
			if listed[key] {
				continue // unchanged since an earlier version, which has been counted
			}
			listed[key] = true
			o, own := c.operation(op, &when)
			all.Operations = append(all.Operations, o)
			whole.addAll(own)
		}
	}
	all.Seen, all.Total, all.Percent = whole.seen(), len(whole), whole.percent()
	all.Oldest, all.Newest = stamp(when.oldest), stamp(when.newest)
	return all, unusable
}

// points are the items of the contract, and whether each was seen.
type points map[point]bool

// point identifies a declared response, or a coverage item of a response. Many responses of
// a version share the schema of an error, so the coverage items of that schema are
// identified by the schema and counted once.
type point struct {
	response     hitKey
	schema       string
	coverageItem int
}

func (p points) add(at point, seen bool) { p[at] = p[at] || seen }

func (p points) addAll(other points) {
	for at, seen := range other {
		p.add(at, seen)
	}
}

func (p points) seen() int {
	n := 0
	for _, seen := range p {
		if seen {
			n++
		}
	}
	return n
}

func (p points) percent() float64 {
	if len(p) == 0 {
		return 0
	}
	return math.Floor(1000*float64(p.seen())/float64(len(p))) / 10
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (c *coverage) operation(op *contract.Operation, when *hits) (OperationCoverage, points) {
	o := OperationCoverage{Operation: op.Name, Method: op.Method, Path: op.Template, Version: op.Version, Responses: []ResponseCoverage{}}
	own := points{}
	for _, r := range op.Responses {
		media := r.Media
		if len(media) == 0 {
			media = []*contract.Media{nil}
		}
		for _, m := range media {
			key := keyOfAnswer(op, r, m)
			h := c.hits[key]
			if h == nil {
				h = &hits{}
			}
			when.date(h.oldest)
			when.date(h.newest)
			own.add(point{response: key}, h.exchanges > 0)
			o.Responses = append(o.Responses, h.response(key, m, own))
		}
	}
	o.Percent = own.percent()
	return o, own
}

func (h *hits) response(key hitKey, m *contract.Media, own points) ResponseCoverage {
	rc := ResponseCoverage{
		Status: key.status, MediaType: key.mediaType, Exchanges: h.exchanges, Oldest: stamp(h.oldest), Newest: stamp(h.newest),
		MissingFields: []string{}, MissingValues: []string{},
	}
	if m == nil || m.Schema == nil {
		return rc
	}
	if key.status >= "4" {
		key = hitKey{at: key.at}
	}
	t := tally{rc: &rc, hits: h, shown: map[string]bool{}, listed: map[string]bool{}}
	items := m.Schema.CoverageItems()
	t.branches(items)
	for i, item := range items {
		t.coverageItem(i, item)
		own.add(point{key, m.Schema.Pointer(), i}, t.count(i) > 0)
	}
	rc.MissingFields = slices.DeleteFunc(rc.MissingFields, func(pointer string) bool { return t.shown[pointer] })
	return rc
}

// tally counts the coverage items of a response.
type tally struct {
	rc    *ResponseCoverage
	hits  *hits
	shown map[string]bool // the pointers that occurred in any branch
	// listed contains the entries of the lists of missing items.
	listed map[string]bool
}

func (t *tally) count(i int) int {
	if i < len(t.hits.coverageItems) {
		return t.hits.coverageItems[i]
	}
	return 0
}

// branches counts the exchanges in which each branch occurred.
func (t *tally) branches(items []schema.CoverageItem) {
	for i, item := range items {
		if item.Kind != schema.BranchItem {
			continue
		}
		if t.rc.Variants == nil {
			t.rc.Variants = map[string]int{}
		}
		t.rc.Variants[item.Branch] += t.count(i)
	}
}

func (t *tally) coverageItem(i int, item schema.CoverageItem) {
	count := t.count(i)
	switch item.Kind {
	case schema.BranchItem:
	case schema.FieldItem:
		t.rc.Fields.add(count)
		if count > 0 {
			t.shown[item.Pointer] = true
			return
		}
		t.missingField(item)
	case schema.ValueItem:
		t.rc.Values.add(count)
		if count == 0 && t.reached(item.Branch) {
			t.rc.MissingValues = t.appendNew(t.rc.MissingValues, item.Pointer+" = "+item.Value)
		}
	}
}

// reached reports whether the branch was seen. The fields of a branch that was not seen are
// not listed, because Variants already reports the branch.
func (t *tally) reached(branch string) bool {
	return t.hits.exchanges > 0 && (branch == "" || t.rc.Variants[branch] > 0)
}

func (t *tally) missingField(item schema.CoverageItem) {
	if !t.reached(item.Branch) {
		return
	}
	t.rc.MissingFields = t.appendNew(t.rc.MissingFields, item.Pointer)
	if item.Branch != "" {
		if t.rc.MissingInVariant == nil {
			t.rc.MissingInVariant = map[string][]string{}
		}
		t.rc.MissingInVariant[item.Branch] = append(t.rc.MissingInVariant[item.Branch], item.Pointer)
	}
}

// appendNew appends a text to a list unless it is listed already. A text with a value is
// never equal to the pointer of a field.
func (t *tally) appendNew(list []string, text string) []string {
	if t.listed[text] {
		return list
	}
	t.listed[text] = true
	return append(list, text)
}

func (t *Tally) add(count int) {
	t.Total++
	t.Seen += min(count, 1)
}
