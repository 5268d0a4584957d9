package contracttest

import (
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
)

// Coverage is the part of the contract that occurs in the recordings. An exchange with a
// finding of severity error does not count.
type Coverage struct {
	// Percent is Seen divided by Total, 0 to 100 with one decimal. Counted are every
	// declared response (status and media type), every branch of a union, every field and
	// every enum value, in the versions of the recordings.
	Percent float64 `json:"percent"`
	Minimum float64 `json:"minimum,omitempty"`
	Seen    int     `json:"seen"`
	Total   int     `json:"total"`
	// Oldest and Newest are the times of the oldest and newest exchange, empty if no
	// recording contains times.
	Oldest     string              `json:"oldest,omitempty"`
	Newest     string              `json:"newest,omitempty"`
	Operations []OperationCoverage `json:"operations"`
}

// Short reports whether the coverage is below the required minimum.
func (c *Coverage) Short() bool { return c.Percent < c.Minimum }

// OperationCoverage is the coverage of one operation in one version. If the specification
// has several versions, each operation has its own version, which may be older than the
// requested one.
type OperationCoverage struct {
	Operation string             `json:"operation"`
	Method    string             `json:"method"`
	Path      string             `json:"path"`
	Version   string             `json:"version"`
	Percent   float64            `json:"percent"`
	Responses []ResponseCoverage `json:"responses"`
}

// ResponseCoverage is the coverage of one declared response.
type ResponseCoverage struct {
	Status    string `json:"status"`
	MediaType string `json:"mediaType"`
	Exchanges int    `json:"exchanges"`
	// Variants counts the exchanges that showed each branch of a union.
	Variants map[string]int `json:"variants,omitempty"`
	// Fields and Values count the fields and enum values that were seen and declared.
	Fields Tally `json:"fields"`
	Values Tally `json:"values"`
	// MissingFields are the fields that no exchange showed, in responses and branches
	// that were seen; * is any item of an array.
	MissingFields []string `json:"missingFields"`
	// MissingInVariant are the fields that were never seen in a branch, even if they were
	// seen in another.
	MissingInVariant map[string][]string `json:"missingInVariant,omitempty"`
	// MissingValues are the enum values that were never seen, as "/cloudProvider = GCP".
	MissingValues []string `json:"missingValues"`
	// Oldest and Newest are the times of the oldest and newest exchange.
	Oldest string `json:"oldest,omitempty"`
	Newest string `json:"newest,omitempty"`
}

// Tally is a number of declared items and how many of them were seen.
type Tally struct {
	Seen  int `json:"seen"`
	Total int `json:"total"`
}

// coverage collects the items that occur in validated exchanges.
type coverage struct {
	contract *contract.Contract
	hits     map[hitKey]*hits
	// versions are the versions that the recordings certainly have. An operation that
	// several versions of the contract share does not determine one; last is the version
	// of such an operation.
	versions   map[string]bool
	last       string
	identifies map[*contract.Operation]bool
}

// hitKey identifies a declared response. at is the operation's own version, so that a
// response that several versions share counts as seen in all of them.
type hitKey struct {
	method, template, at string
	status, mediaType    string
}

func keyOfAnswer(op *contract.Operation, r *contract.Response, m *contract.Media) hitKey {
	key := hitKey{method: op.Method, template: op.Template, at: op.At, status: r.Status}
	if m != nil {
		key.mediaType = m.Type
	}
	return key
}

// hits is the part of a response that was seen.
type hits struct {
	exchanges      int
	coverageItems  []int // for each coverage item, the number of exchanges that showed it
	oldest, newest time.Time
}

func newCoverage(c *contract.Contract) *coverage {
	return &coverage{contract: c, hits: map[hitKey]*hits{}, versions: map[string]bool{}, identifies: map[*contract.Operation]bool{}}
}

func (c *coverage) add(v *verdict) {
	c.date(v.match)
	if v.evidence == nil {
		return
	}
	key := keyOfAnswer(v.match.Operation, v.evidence.response, v.evidence.media)
	h := c.hits[key]
	if h == nil {
		h = &hits{}
		c.hits[key] = h
	}
	h.exchanges++
	h.date(v.exchange.Started)
	for i := range v.evidence.coverageItems() {
		for i >= len(h.coverageItems) {
			h.coverageItems = append(h.coverageItems, 0)
		}
		h.coverageItems[i]++
	}
}

// date records the version of an exchange.
func (c *coverage) date(m *contract.Match) {
	if m == nil || c.versions[m.Version] {
		return
	}
	c.last = max(c.last, m.Version)
	if m.Operation == nil {
		return
	}
	identifies, known := c.identifies[m.Operation]
	if !known {
		identifies = c.contract.IdentifiesVersion(m.Operation)
		c.identifies[m.Operation] = identifies
	}
	if identifies {
		c.versions[m.Version] = true
	}
}

func (h *hits) date(t time.Time) {
	if t.IsZero() {
		return
	}
	if h.oldest.IsZero() || t.Before(h.oldest) {
		h.oldest = t
	}
	if t.After(h.newest) {
		h.newest = t
	}
}

// coverageItems returns the numbers of the coverage items that the response showed.
func (e *evidence) coverageItems() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range len(e.seen) * 64 {
			if e.seen.Has(i) && !yield(i) {
				return
			}
		}
	}
}
