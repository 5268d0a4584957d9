package drift

import (
	"encoding/json"
	"slices"
	"time"
)

// Acceptances are decisions to live with changes. The nil value has none.
type Acceptances struct {
	Accepted []Acceptance `yaml:"accepted"`
}

// Acceptance is the decision to live with one change.
type Acceptance struct {
	// ID is the change's.
	ID string `yaml:"id" json:"id"`
	// Reason is why the change is acceptable; it must not be empty.
	Reason string `yaml:"reason" json:"reason"`
	// Expires is the last day of the acceptance, as YYYY-MM-DD; "" means that it does not
	// expire.
	Expires string `yaml:"expires,omitempty" json:"expires"`
	// Change is the change's sentence, for readers of the file.
	Change string `yaml:"change,omitempty" json:"-"`
	// Old and New are the values that were accepted, as JSON text. When they are there
	// and the change has others, it is not the change that was accepted.
	Old string `yaml:"old,omitempty" json:"-"`
	New string `yaml:"new,omitempty" json:"-"`
}

// Accepted is a change that an acceptance took out of the verdict.
type Accepted struct {
	Change
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

// Unused is an acceptance that accepts nothing.
type Unused struct {
	Acceptance
	// Expired reports whether only its date keeps it from accepting a change.
	Expired bool `json:"expired"`
	// Why is the reason why it accepts nothing.
	Why string `json:"why"`
}

// apply moves accepted changes out of the report's.
func (a *Acceptances) apply(r *Report, today time.Time) {
	if a == nil {
		return
	}
	positions := make(map[string]int, len(r.Changes))
	for i, c := range r.Changes {
		positions[c.ID] = i
	}
	accepted := make(map[string]bool)
	for _, one := range a.Accepted {
		i, known := positions[one.ID]
		expired := one.Expires != "" && one.Expires < today.Format(time.DateOnly)
		switch {
		case !known:
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, expired, "there is no such change any more"})
		case !one.covers(r.Changes[i]):
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, expired, "the change has other values now than the ones that were accepted"})
		case expired:
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, true, "it expired on " + one.Expires})
		default:
			r.Accepted = append(r.Accepted, Accepted{r.Changes[i], one.Reason, one.Expires})
			accepted[one.ID] = true
		}
	}
	r.Changes = slices.DeleteFunc(r.Changes, func(c Change) bool { return accepted[c.ID] })
}

// covers reports whether the change has the values that were accepted.
func (a Acceptance) covers(c Change) bool {
	return (a.Old == "" || a.Old == rawText(c.Old)) && (a.New == "" || a.New == rawText(c.New))
}

func rawText(raw json.RawMessage) string {
	if raw == nil {
		return "null"
	}
	return string(raw)
}
