package contracttest

import (
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
)

// Coverage is how much of the contract the recordings have shown. Exchanges with
// errors show nothing.
type Coverage struct {
	// Percent is Seen of Total, 0 to 100 with one decimal. What is counted: every
	// declared response (status and media type), every branch of a union, every field
	// and every value of an enum, of the versions that the recordings are of.
	Percent float64 `json:"percent"`
	Minimum float64 `json:"minimum,omitempty"`
	Seen    int     `json:"seen"`
	Total   int     `json:"total"`
	// Oldest and Newest are when the evidence was recorded; empty when no recording
	// says so.
	Oldest     string              `json:"oldest,omitempty"`
	Newest     string              `json:"newest,omitempty"`
	Operations []OperationCoverage `json:"operations"`
}

// Short reports whether the coverage is below the minimum that was asked for.
func (c *Coverage) Short() bool { return c.Percent < c.Minimum }

// OperationCoverage is one operation of one version. Of a specification with several
// versions that is the operation's own, which may be older than the one asked for.
type OperationCoverage struct {
	Operation string             `json:"operation"`
	Method    string             `json:"method"`
	Path      string             `json:"path"`
	Version   string             `json:"version"`
	Percent   float64            `json:"percent"`
	Responses []ResponseCoverage `json:"responses"`
}

// ResponseCoverage is one declared response.
type ResponseCoverage struct {
	Status    string `json:"status"`
	MediaType string `json:"mediaType"`
	Exchanges int    `json:"exchanges"`
	// Variants counts the exchanges that showed each branch of a union.
	Variants map[string]int `json:"variants,omitempty"`
	// Fields and Values count those seen and declared.
	Fields Tally `json:"fields"`
	Values Tally `json:"values"`
	// MissingFields are the fields that no exchange showed, in an answer and a branch
	// that was seen; * stands for the items of an array.
	MissingFields []string `json:"missingFields"`
	// MissingInVariant are the fields that a branch never showed, be it that another did.
	MissingInVariant map[string][]string `json:"missingInVariant,omitempty"`
	// MissingValues are values of enums never seen, as "/cloudProvider = GCP".
	MissingValues []string `json:"missingValues"`
	// Oldest and Newest are when the evidence was recorded.
	Oldest string `json:"oldest,omitempty"`
	Newest string `json:"newest,omitempty"`
}

// Tally counts what was seen of what is declared.
type Tally struct {
	Seen  int `json:"seen"`
	Total int `json:"total"`
}

// coverage counts while verdicts come in.
type coverage struct {
	contract *contract.Contract
	hits     map[hitKey]*hits
	// versions are those that the recordings are certainly of. An operation whose
	// version several versions of the contract share tells none; last is its.
	versions map[string]bool
	last     string
	tells    map[*contract.Operation]bool
}

// hitKey is a declared answer. at is the operation's own version: what several
// versions of the contract share is seen for all of them.
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

// hits is what was seen of an answer.
type hits struct {
	exchanges      int
	slots          []int // by slot, the exchanges that showed it
	oldest, newest time.Time
}

func newCoverage(c *contract.Contract) *coverage {
	return &coverage{contract: c, hits: map[hitKey]*hits{}, versions: map[string]bool{}, tells: map[*contract.Operation]bool{}}
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
	for i := range v.evidence.slots() {
		for i >= len(h.slots) {
			h.slots = append(h.slots, 0)
		}
		h.slots[i]++
	}
}

// date notes the version that an exchange is of.
func (c *coverage) date(m *contract.Match) {
	if m == nil || c.versions[m.Version] {
		return
	}
	c.last = max(c.last, m.Version)
	if m.Operation == nil {
		return
	}
	tells, known := c.tells[m.Operation]
	if !known {
		tells = c.contract.IdentifiesVersion(m.Operation)
		c.tells[m.Operation] = tells
	}
	if tells {
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

// slots returns the numbers of the slots that the response showed.
func (e *evidence) slots() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range len(e.seen) * 64 {
			if e.seen.Has(i) && !yield(i) {
				return
			}
		}
	}
}
