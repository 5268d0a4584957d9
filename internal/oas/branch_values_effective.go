package oas

// BranchValuesByPlace returns the discriminator values of the branches of the operations'
// unions, by the place of the branch. They are needed because the enum of a discriminator in a
// branch may be missing, or may list values of other branches, which cannot occur there.
func BranchValuesByPlace(operations []*Effective) map[Place]BranchValues {
	byPlace := make(map[Place]BranchValues)
	seen := make(map[*Schema]bool)
	for _, op := range operations {
		for _, s := range op.Schemas() {
			if !seen[s] {
				seen[s] = true
				addBranchValues(byPlace, s)
			}
		}
	}
	return byPlace
}

// addBranchValues adds the values with which the base of a schema selects the schema and,
// if the schema is a union, the values that select its branches.
func addBranchValues(byPlace map[Place]BranchValues, s *Schema) {
	if s.BranchValues != nil {
		mergeBranchValues(byPlace, s.At, *s.BranchValues)
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
			mergeBranchValues(byPlace, b.Schema.At, BranchValues{Property: s.Union.Property, Values: []string{b.Value}, Mapped: mapped})
		}
	}
}

// mergeBranchValues merges the values of unions that have the same discriminator property. If the
// properties differ, the first is kept.
func mergeBranchValues(byPlace map[Place]BranchValues, at Place, more BranchValues) {
	values := byPlace[at]
	if values.Property != "" && values.Property != more.Property {
		return
	}
	values.Property = more.Property
	values.Values = addMissing(values.Values, more.Values)
	values.Mapped = addMissing(values.Mapped, more.Mapped)
	byPlace[at] = values
}
