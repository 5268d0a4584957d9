package oas

// BranchClaims returns the claims of the operations' unions about their branches, by the
// place of the branch. The claims are needed because the enum of a discriminator in a
// branch may be missing, or may list values of other branches, which cannot occur there.
func BranchClaims(operations []*Effective) map[Place]Claim {
	claims := make(map[Place]Claim)
	seen := make(map[*Schema]bool)
	for _, op := range operations {
		for _, s := range op.Schemas() {
			if !seen[s] {
				seen[s] = true
				addClaims(claims, s)
			}
		}
	}
	return claims
}

// addClaims adds the claim that the base of a schema makes about the schema and, if the
// schema is a union, its claims about its branches.
func addClaims(claims map[Place]Claim, s *Schema) {
	if s.Claim != nil {
		addClaim(claims, s.At, *s.Claim)
	}
	if s.Union == nil || s.Union.Property == "" {
		return
	}
	var mapped []string
	for _, b := range s.Union.Branches {
		mapped = append(mapped, b.Value)
	}
	for _, b := range s.Union.Branches {
		if b.Value != "" {
			addClaim(claims, b.Schema.At, Claim{Property: s.Union.Property, Values: []string{b.Value}, Mapped: mapped})
		}
	}
}

// addClaim merges the claims of unions that have the same discriminator property. If the
// properties differ, the first claim is kept.
func addClaim(claims map[Place]Claim, at Place, more Claim) {
	claim := claims[at]
	if claim.Property != "" && claim.Property != more.Property {
		return
	}
	claim.Property = more.Property
	claim.Values = addMissing(claim.Values, more.Values)
	claim.Mapped = addMissing(claim.Mapped, more.Mapped)
	claims[at] = claim
}
