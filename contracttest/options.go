package contracttest

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Auto lets each exchange choose its version of the contract.
const Auto = "auto"

// Options steer a verification. The zero value judges against the module's own
// contract, each exchange in the version that is due, with every rule an error.
type Options struct {
	// APIVersion is auto, v1.0 or a date. Auto, which "" means too, takes v1.0 by the
	// path; else the version that the Accept header asks for, snapped down to the
	// newest that is not later; else the one that the answer is in; else the newest.
	APIVersion string
	// Spec is a specification to judge against instead, YAML or JSON: any Atlas
	// document, which is cut, lifted and corrected as the module's own contract is.
	// SpecName is what findings call it; "" is "spec".
	Spec     []byte
	SpecName string
	// Corrections is an OpenAPI Overlay, YAML, that is applied to the contract before it is
	// judged by, such as [Report.ProposeCorrections] returns. Targets that the contract does not
	// have are passed over. CorrectionsName is what errors call it.
	Corrections     []byte
	CorrectionsName string
	// Operations selects the operations to validate exchanges of, by the words that
	// `exportbuckets help operations` lists: ids, tag:NAME, *pattern*, METHOD /path, all,
	// and -exclusions. Exchanges of other operations are out of scope. The default is
	// every operation of the contract.
	Operations []string
	// Severity changes what findings of a rule mean.
	Severity map[Rule]Severity
	// MinCoverage is the least coverage in percent, 0 to 100.
	MinCoverage float64
	// Workers is how many exchanges are judged at once; 0 is as many as Go uses
	// processors.
	Workers int
	// Stdin, if set, is what [VerifyPaths] reads for the path "-". Without it "-" is the
	// name of a file.
	Stdin io.Reader
	// Progress, if set, is told how many bytes of the recordings were read so far.
	// It is called from one goroutine at a time, not the caller's.
	Progress func(bytes int64)
}

// defaultSpecName is what findings call a specification without a name.
const defaultSpecName = "spec"

// contract gives what to judge against. Errors name the option.
func (o Options) contract() (*contract.Contract, error) {
	if o.MinCoverage < 0 || o.MinCoverage > 100 {
		return nil, fmt.Errorf("minimum coverage %v is not between 0 and 100 percent", o.MinCoverage)
	}
	for _, rule := range slices.Sorted(maps.Keys(o.Severity)) {
		if _, err := ParseSeverities([]string{string(rule) + "=" + string(o.Severity[rule])}); err != nil {
			return nil, err
		}
	}
	c, err := o.load()
	if err != nil {
		return nil, err
	}
	if len(o.Operations) > 0 {
		if err := c.Select(o.Operations, o.isNamedVersion()); err != nil {
			return nil, fmt.Errorf("operations: %w", err)
		}
	}
	if o.APIVersion == "" || o.APIVersion == Auto {
		return c, nil
	}
	return c.Only(o.APIVersion)
}

// isNamedVersion reports whether the version is one that has a name instead of a date,
// such as preview.
func (o Options) isNamedVersion() bool {
	return o.APIVersion != "" && o.APIVersion != Auto && o.APIVersion != contract.V1 && !oas.IsDate(o.APIVersion)
}

func (o Options) load() (*contract.Contract, error) {
	var overlay *contract.Overlay
	if o.Corrections != nil {
		overlay = &contract.Overlay{Name: cmp.Or(o.CorrectionsName, "corrections"), Source: o.Corrections}
	}
	if o.Spec == nil {
		return contract.Embedded(overlay)
	}
	return contract.Foreign(cmp.Or(o.SpecName, defaultSpecName), o.Spec, overlay)
}

func (o Options) severity(rule Rule) Severity { return cmp.Or(o.Severity[rule], SeverityError) }
