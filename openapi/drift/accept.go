package drift

import (
	"encoding/json"
	"slices"
	"time"
)

// Acceptances is a list of accepted changes. A nil Acceptances is empty.
type Acceptances struct {
	Accepted []Acceptance `yaml:"accepted"`
}

// Acceptance is the decision to accept one change.
type Acceptance struct {
	// ID is the ID of the change.
	ID string `yaml:"id" json:"id"`
	// Reason is why the change is acceptable; it must not be empty.
	Reason string `yaml:"reason" json:"reason"`
	// Expires is the last day of the acceptance, as YYYY-MM-DD; "" means that it does not
	// expire.
	Expires string `yaml:"expires,omitempty" json:"expires"`
	// Change is the message of the change, for readers of the file.
	Change string `yaml:"change,omitempty" json:"-"`
	// Old and New are the accepted values, as JSON text. If they are set, the acceptance
	// applies only to a change with these values.
	Old string `yaml:"old,omitempty" json:"-"`
	New string `yaml:"new,omitempty" json:"-"`
}

// Accepted is a change that does not affect the verdict, because it was accepted.
type Accepted struct {
	Change
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

// Unused is an acceptance that applies to no change.
type Unused struct {
	Acceptance
	// Expired reports that the acceptance would apply to a change if it had not expired.
	Expired bool `json:"expired"`
	// Why is the reason why the acceptance applies to no change.
	Why string `json:"why"`
}

// apply moves accepted changes from Changes to Accepted.
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
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, expired, "the report no longer has this change"})
		case !one.covers(r.Changes[i]):
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, expired, "the values of the change differ from the accepted ones"})
		case expired:
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, true, "it expired on " + one.Expires})
		default:
			r.Accepted = append(r.Accepted, Accepted{r.Changes[i], one.Reason, one.Expires})
			accepted[one.ID] = true
		}
	}
	r.Changes = slices.DeleteFunc(r.Changes, func(c Change) bool { return accepted[c.ID] })
}

// covers reports whether the change has the accepted values.
func (a Acceptance) covers(c Change) bool {
	return (a.Old == "" || a.Old == rawText(c.Old)) && (a.New == "" || a.New == rawText(c.New))
}

func rawText(raw json.RawMessage) string {
	if raw == nil {
		return "null"
	}
	return string(raw)
}
