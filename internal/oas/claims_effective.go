package oas

// BranchClaims returns what the unions that are part of operations claim of their
// branches, by the place of the branch. In a branch, an enum of the discriminator may
// list the values of the other branches too, or be missing: they can't occur there.
func BranchClaims(operations []*Effective) map[Place]Claim {
	w := &claimWalk{claims: make(map[Place]Claim), seen: make(map[*Schema]bool)}
	for _, op := range operations {
		for _, p := range op.Parameters {
			w.schema(p.Schema)
		}
		if op.Body != nil {
			w.media(op.Body.Media)
		}
		for _, r := range op.Responses {
			w.media(r.Media)
			for _, h := range r.Headers {
				w.schema(h.Schema)
			}
		}
	}
	return w.claims
}

type claimWalk struct {
	claims map[Place]Claim
	seen   map[*Schema]bool
}

func (w *claimWalk) media(media map[string]*Media) {
	for _, m := range media {
		w.schema(m.Schema)
	}
}

func (w *claimWalk) schema(s *Schema) {
	if s == nil || w.seen[s] {
		return
	}
	w.seen[s] = true
	for _, p := range s.Properties {
		w.schema(p.Schema)
	}
	for _, sub := range s.Subschemas {
		w.schema(sub)
	}
	w.schema(s.Items)
	w.schema(s.Additional)
	if s.Claim != nil {
		w.add(s.At, *s.Claim)
	}
	if s.Union == nil {
		return
	}
	var mapped []string
	for _, b := range s.Union.Branches {
		mapped = addMissing(mapped, []string{b.Value})
		w.schema(b.Schema)
	}
	for _, b := range s.Union.Branches {
		if s.Union.Property == "" || b.Value == "" {
			continue
		}
		w.add(b.Schema.At, Claim{Property: s.Union.Property, Values: []string{b.Value}, Mapped: mapped})
	}
}

// add merges the claims of several unions by one property. Of unions by different
// properties the first holds.
func (w *claimWalk) add(at Place, more Claim) {
	claim := w.claims[at]
	if claim.Property != "" && claim.Property != more.Property {
		return
	}
	claim.Property = more.Property
	claim.Values = addMissing(claim.Values, more.Values)
	claim.Mapped = addMissing(claim.Mapped, more.Mapped)
	w.claims[at] = claim
}
