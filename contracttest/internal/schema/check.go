package schema

// Verdict is what a text showed.
type Verdict struct {
	// Faults are sorted by place; none means that the text keeps the schema.
	Faults []Fault
	// Seen are the slots that a text without faults shows.
	Seen Bits
}

// Check judges a JSON text. It may be called from several goroutines.
func (s *Schema) Check(text []byte) Verdict {
	if seen, ok := s.prove(text); ok {
		return Verdict{Seen: seen}
	}
	return s.judge(text)
}

// judge is Check without the fast path.
func (s *Schema) judge(text []byte) Verdict {
	value, faults, ok := parse(text)
	if !ok {
		return Verdict{Faults: faults}
	}
	faults = append(faults, s.undeclared(value)...)
	violations, refused := s.violations(value)
	faults = append(faults, violations...)
	if refused && len(faults) == 0 {
		faults = []Fault{{Kind: Violation, Keyword: "not", Spec: s.index.Pointer(s.root.schema), Actual: Window(string(text), 0), Message: "the schema does not hold"}}
	}
	if len(faults) > 0 {
		sortFaults(faults)
		return Verdict{Faults: faults}
	}
	seen := newBits(len(s.slots))
	see([]*node{s.root}, value, seen)
	return Verdict{Seen: seen}
}
