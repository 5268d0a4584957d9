package compare

import "slices"

// Verdict is the effect of a change on a client.
type Verdict string

// The verdicts, the worst first.
const (
	Breaking Verdict = "breaking"
	Tolerate Verdict = "tolerate"
	Additive Verdict = "additive"
	Planning Verdict = "planning"
	Docs     Verdict = "docs"
	InSync   Verdict = "in-sync"
)

// Verdicts lists them, the worst first.
func Verdicts() []Verdict { return []Verdict{Breaking, Tolerate, Additive, Planning, Docs, InSync} }

// Worse reports whether v is worse than other.
func (v Verdict) Worse(other Verdict) bool {
	return slices.Index(Verdicts(), v) < slices.Index(Verdicts(), other)
}

// Direction is where a declaration is used: in requests, in responses or in both.
type Direction string

// The directions.
const (
	Request  Direction = "request"
	Response Direction = "response"
	Both     Direction = "both"
)
