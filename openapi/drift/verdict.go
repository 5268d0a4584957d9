package drift

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/compare"
)

// Verdict is the effect of a change on a client.
type Verdict string

// The verdicts, the worst first.
const (
	Breaking = Verdict(compare.Breaking)
	Tolerate = Verdict(compare.Tolerate)
	Additive = Verdict(compare.Additive)
	Planning = Verdict(compare.Planning)
	Docs     = Verdict(compare.Docs)
	InSync   = Verdict(compare.InSync)
)

// Worse reports whether v is worse than other.
func (v Verdict) Worse(other Verdict) bool { return compare.Verdict(v).Worse(compare.Verdict(other)) }

// rank is 0 for the worst verdict.
func (v Verdict) rank() int { return slices.Index(compare.Verdicts(), compare.Verdict(v)) }

// Direction is where a declaration is used: "request", "response" or "both".
type Direction string

// Rule is one way in which a contract can change.
type Rule struct {
	// ID is stable: acceptances and reports name rules by it.
	ID        string
	Verdict   Verdict
	Direction Direction
	// What describes the change. {item}, {keyword}, {old} and {new} are placeholders for
	// its values.
	What string
	// Why is the reason for the verdict.
	Why string
	// Next is the recommended action for the owner of a client.
	Next string
}

// Rules lists the rules that classify changes, in the order of RULES.md.
func Rules() []Rule {
	var out []Rule
	for _, r := range compare.Rules() {
		out = append(out, Rule{r.ID, Verdict(r.Verdict), Direction(r.Direction), r.What, r.Why, r.Next})
	}
	return out
}
