package drift

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Acceptances are decisions to live with changes. The nil value has none.
type Acceptances struct {
	Accepted []Acceptance `yaml:"accepted"`
}

// Acceptance is the decision to live with one change.
type Acceptance struct {
	// ID is the change's.
	ID string `yaml:"id" json:"id"`
	// Reason says why the change is fine; it may not be empty.
	Reason string `yaml:"reason" json:"reason"`
	// Expires is the last day on which the acceptance holds, as YYYY-MM-DD; "" never ends.
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
	// Expired tells that it would accept a change but for its date.
	Expired bool `json:"expired"`
	// Why says why it accepts nothing.
	Why string `json:"why"`
}

// maxAcceptances bounds the file, in bytes.
const maxAcceptances = 4 << 20

// ParseAcceptances reads an acceptance file, YAML or JSON; name is what errors call it.
func ParseAcceptances(name string, data []byte) (*Acceptances, error) {
	if len(data) > maxAcceptances {
		return nil, fmt.Errorf("%s: larger than %d MB, the most that is read", name, maxAcceptances>>20)
	}
	a := new(Acceptances)
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(a); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: no list of acceptances: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	seen := make(map[string]bool)
	for i, one := range a.Accepted {
		if err := one.check(); err != nil {
			return nil, fmt.Errorf("%s: acceptance %d: %w", name, i+1, err)
		}
		if seen[one.ID] {
			return nil, fmt.Errorf("%s: acceptance %d: %s is accepted twice", name, i+1, one.ID)
		}
		seen[one.ID] = true
	}
	return a, nil
}

func (a Acceptance) check() error {
	switch {
	case a.ID == "":
		return errors.New("it has no id; take it from the report")
	case strings.TrimSpace(a.Reason) == "":
		return fmt.Errorf("%s has no reason; say why the change is fine", a.ID)
	case a.Expires == "":
		return nil
	}
	if _, err := time.Parse(time.DateOnly, a.Expires); err != nil {
		return fmt.Errorf("%s: expires %q is no date; write YYYY-MM-DD", a.ID, a.Expires)
	}
	return nil
}

// apply moves accepted changes out of the report's.
func (a *Acceptances) apply(r *Report, today time.Time) {
	if a == nil {
		return
	}
	for _, one := range a.Accepted {
		i := slices.IndexFunc(r.Changes, func(c Change) bool { return c.ID == one.ID })
		expired := one.Expires != "" && one.Expires < today.Format(time.DateOnly)
		switch {
		case i < 0:
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, expired, "there is no such change any more"})
		case !one.covers(r.Changes[i]):
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, expired, "the change has other values now than the ones that were accepted"})
		case expired:
			r.UnusedAcceptances = append(r.UnusedAcceptances, Unused{one, true, "it expired on " + one.Expires})
		default:
			r.Accepted = append(r.Accepted, Accepted{r.Changes[i], one.Reason, one.Expires})
			r.Changes = slices.Delete(r.Changes, i, i+1)
		}
	}
}

// covers tells whether the change has the values that were accepted.
func (a Acceptance) covers(c Change) bool {
	return (a.Old == "" || a.Old == rawText(c.Old)) && (a.New == "" || a.New == rawText(c.New))
}

func rawText(raw json.RawMessage) string {
	if raw == nil {
		return "null"
	}
	return string(raw)
}

const acceptanceHeader = `# Changes of upstream's contract that this project lives with; exportbuckets drift
# --accept reads it. Give each a reason of your own, and a day on which to look again.
`

// Accept makes acceptances of all changes in a report that count, and keeps those
// that accept something already. reason and expires, which may be "", are given to the new ones.
func (r *Report) Accept(reason, expires string) *Acceptances {
	a := &Acceptances{Accepted: []Acceptance{}}
	for _, c := range r.Accepted {
		a.Accepted = append(a.Accepted, acceptanceOf(c.Change, c.Reason, c.Expires))
	}
	for _, c := range r.Changes {
		if c.Verdict != Docs {
			a.Accepted = append(a.Accepted, acceptanceOf(c, reason, expires))
		}
	}
	slices.SortFunc(a.Accepted, func(x, y Acceptance) int { return strings.Compare(x.ID, y.ID) })
	return a
}

func acceptanceOf(c Change, reason, expires string) Acceptance {
	return Acceptance{ID: c.ID, Reason: reason, Expires: expires, Change: c.Message, Old: rawText(c.Old), New: rawText(c.New)}
}

// Encode writes the file that ParseAcceptances reads.
func (a *Acceptances) Encode() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(acceptanceHeader)
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(a); err != nil {
		return nil, fmt.Errorf("write acceptances: %w", err)
	}
	return out.Bytes(), enc.Close()
}
