package report

// Coverage reports which parts of a contract occur in the recordings, as a tree of
// operations and their responses.
type Coverage struct {
	// Percent is 0 to 100.
	Percent float64
	// Minimum is the required coverage, in percent; 0 means none.
	Minimum float64
	// Seen and Total are the counts that Percent is computed from; both are 0 if the caller
	// does not set them.
	Seen  int
	Total int
	// Evidence is the time span of the recordings, such as "2025-04-02 to 2026-08-19".
	Evidence   string
	Operations []OperationCoverage
}

// Short reports whether the coverage is below the required minimum.
func (c *Coverage) Short() bool {
	return c != nil && c.Percent < c.Minimum
}

// OperationCoverage is one operation of one contract version.
type OperationCoverage struct {
	Operation string
	Method    string
	Path      string
	// Version is the version of the contract, such as "2024-05-30".
	Version string
	// Percent is 0 to 100.
	Percent   float64
	Responses []ResponseCoverage
}

// Exchanges returns the number of recorded exchanges of the operation.
func (o OperationCoverage) Exchanges() int {
	n := 0
	for _, r := range o.Responses {
		n += r.Exchanges
	}
	return n
}

// ResponseCoverage is the coverage of one declared response: a status and a media type.
type ResponseCoverage struct {
	// Status is as in the contract: "200", "4XX", "default".
	Status    string
	MediaType string
	Exchanges int
	// Branches are the branches of the response's union in the order of the contract. It is
	// empty if there is no union.
	Branches []BranchCoverage
	// Fields and Values are the declared fields and enum values.
	Fields Tally
	Values Tally
}

// BranchCoverage is one branch of a union.
type BranchCoverage struct {
	Name      string
	Exchanges int
}

// Tally counts how many of the declared parts were seen.
type Tally struct {
	Seen  int
	Total int
	// Missing lists the parts that were never seen: JSON pointers of fields, or
	// "/cloudProvider = GCP" for values.
	Missing []string
}

// Complete reports whether the response and all of its declared parts were seen.
func (r ResponseCoverage) Complete() bool {
	if r.Exchanges == 0 || r.Fields.Seen < r.Fields.Total || r.Values.Seen < r.Values.Total {
		return false
	}
	for _, b := range r.Branches {
		if b.Exchanges == 0 {
			return false
		}
	}
	return true
}
