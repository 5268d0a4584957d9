package contracttest

import (
	"math"
	"slices"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
)

// report tells the coverage of the versions that the recordings are of.
func (c *coverage) report(minimum float64) (Coverage, error) {
	all := Coverage{Minimum: minimum, Operations: []OperationCoverage{}}
	var when hits
	for _, version := range c.contract.Versions() {
		if !c.versions[version] {
			continue
		}
		operations, err := c.contract.Operations(version)
		if err != nil {
			return all, err
		}
		for _, op := range operations {
			o, seen, total := c.operation(op, &when)
			all.Operations = append(all.Operations, o)
			all.Seen += seen
			all.Total += total
		}
	}
	all.Percent = percent(all.Seen, all.Total)
	all.Oldest, all.Newest = stamp(when.oldest), stamp(when.newest)
	return all, nil
}

func percent(seen, total int) float64 {
	if total == 0 {
		return 0
	}
	return math.Floor(1000*float64(seen)/float64(total)) / 10
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (c *coverage) operation(op *contract.Operation, when *hits) (o OperationCoverage, seen, total int) {
	o = OperationCoverage{Operation: op.Name, Method: op.Method, Path: op.Template, Version: op.Version, Responses: []ResponseCoverage{}}
	for _, r := range op.Responses {
		media := r.Media
		if len(media) == 0 {
			media = []*contract.Media{nil}
		}
		for _, m := range media {
			h := c.hits[hitKey{r, m}]
			if h == nil {
				h = &hits{}
			}
			when.date(h.oldest)
			when.date(h.newest)
			rc, s, t := h.response(r, m)
			o.Responses = append(o.Responses, rc)
			seen += s
			total += t
		}
	}
	o.Percent = percent(seen, total)
	return o, seen, total
}

func (h *hits) response(r *contract.Response, m *contract.Media) (rc ResponseCoverage, seen, total int) {
	rc = ResponseCoverage{
		Status: r.Status, Exchanges: h.exchanges, Oldest: stamp(h.oldest), Newest: stamp(h.newest),
		MissingFields: []string{}, MissingValues: []string{},
	}
	total++
	seen += min(h.exchanges, 1)
	if m == nil {
		return rc, seen, total
	}
	rc.MediaType = m.Type
	if m.Schema == nil {
		return rc, seen, total
	}
	t := tally{rc: &rc, hits: h, shown: map[string]bool{}}
	slots := m.Schema.Slots()
	t.branches(slots)
	for i, slot := range slots {
		t.slot(i, slot)
	}
	rc.MissingFields = slices.DeleteFunc(rc.MissingFields, func(pointer string) bool { return t.shown[pointer] })
	return rc, seen + t.seen, total + t.total
}

// tally goes through the slots of an answer.
type tally struct {
	rc          *ResponseCoverage
	hits        *hits
	seen, total int
	shown       map[string]bool // the pointers that any branch showed
}

func (t *tally) count(i int) int {
	if i < len(t.hits.slots) {
		return t.hits.slots[i]
	}
	return 0
}

// branches counts the exchanges that showed each branch.
func (t *tally) branches(slots []schema.Slot) {
	for i, slot := range slots {
		if slot.Kind != schema.BranchSlot {
			continue
		}
		if t.rc.Variants == nil {
			t.rc.Variants = map[string]int{}
		}
		t.rc.Variants[slot.Branch] += t.count(i)
	}
}

func (t *tally) slot(i int, slot schema.Slot) {
	count := t.count(i)
	t.total++
	t.seen += min(count, 1)
	switch slot.Kind {
	case schema.BranchSlot:
	case schema.FieldSlot:
		t.rc.Fields.add(count)
		if count > 0 {
			t.shown[slot.Pointer] = true
			return
		}
		t.missingField(slot)
	case schema.ValueSlot:
		t.rc.Values.add(count)
		if count == 0 && t.reached(slot.Branch) {
			t.rc.MissingValues = appendNew(t.rc.MissingValues, slot.Pointer+" = "+slot.Value)
		}
	}
}

// reached tells whether the branch was seen. What a branch that never was declares
// is not listed one by one: Variants says it all.
func (t *tally) reached(branch string) bool {
	return t.hits.exchanges > 0 && (branch == "" || t.rc.Variants[branch] > 0)
}

func (t *tally) missingField(slot schema.Slot) {
	if !t.reached(slot.Branch) {
		return
	}
	t.rc.MissingFields = appendNew(t.rc.MissingFields, slot.Pointer)
	if slot.Branch != "" {
		if t.rc.MissingInVariant == nil {
			t.rc.MissingInVariant = map[string][]string{}
		}
		t.rc.MissingInVariant[slot.Branch] = append(t.rc.MissingInVariant[slot.Branch], slot.Pointer)
	}
}

func appendNew(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

func (t *Tally) add(count int) {
	t.Total++
	t.Seen += min(count, 1)
}
