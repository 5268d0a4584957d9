package contracttest

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Auto selects the version of the contract for each exchange separately.
const Auto = "auto"

// Options configure a verification. The zero value validates against the module's own
// contract, with the version selected for each exchange, and every rule is an error.
type Options struct {
	// APIVersion is [Auto], v1.0 or a date; "" means Auto. Auto selects the first version
	// that applies: v1.0, if the path has it; the Accept header's version, rounded down to
	// the newest that is not later; the response's version; the newest version.
	APIVersion string
	// Spec is a specification to validate against instead, YAML or JSON. It can be any
	// Atlas document; it is corrected as the module's own contract is. SpecName is the name
	// of the specification in findings, default "spec".
	Spec     []byte
	SpecName string
	// Corrections is an OpenAPI Overlay in YAML to apply to the contract first, such as the
	// result of [Report.ProposeCorrections]. Targets that the contract does not have are
	// ignored. CorrectionsName is the name of the overlay in errors.
	Corrections     []byte
	CorrectionsName string
	// Operations selects the operations whose exchanges are validated, with the words that
	// `exportbuckets help operations` lists: ids, tag:NAME, *pattern*, METHOD /path, all,
	// and -exclusions. Exchanges of other operations are out of scope. The default is every
	// operation of the contract.
	Operations []string
	// Severity sets the severity of rules; the default is [SeverityError].
	Severity map[Rule]Severity
	// MinCoverage is the required coverage in percent, 0 to 100.
	MinCoverage float64
	// Workers is the number of exchanges to validate in parallel; 0 means GOMAXPROCS, at
	// most 4.
	Workers int
	// Stdin is the input that [VerifyPaths] reads for the path "-". If it is nil, "-" is
	// the name of a file.
	Stdin io.Reader
	// If Progress is not nil, it is called with the number of bytes of the recordings read
	// so far. It is called by one goroutine at a time, which is not the caller's.
	Progress func(bytes int64)
}

// defaultSpecName is the name of a specification without a name in findings.
const defaultSpecName = "spec"

// contract returns the contract to validate against. Errors name the option.
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

// isNamedVersion reports whether the version has a name instead of a date, such as preview.
func (o Options) isNamedVersion() bool {
	return o.APIVersion != "" && o.APIVersion != Auto && o.APIVersion != oas.Unversioned && !oas.IsDate(o.APIVersion)
}

// maxSpecEntry bounds an entry, in bytes, in a validation against a user's specification,
// whose operations may have larger bodies than those of export buckets: 16 MiB.
const maxSpecEntry = 16 << 20

// maxEntryBytes bounds the entries of recordings. The embedded contract keeps the bound of
// package recording, so that verify takes at most 50 MB of memory.
func (o Options) maxEntryBytes() int {
	if o.Spec != nil {
		return maxSpecEntry
	}
	return recording.MaxEntryBytes
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
