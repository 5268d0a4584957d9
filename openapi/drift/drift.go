package drift

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/compare"
)

// Options select what to compare, and how.
type Options struct {
	// Upstream is the current specification.
	Upstream Input
	// Baseline is the specification that the client was written for; nil means the embedded
	// contract.
	Baseline *Input
	// Operations are the operations of the baseline to compare, selected with the words of
	// trim.Selection, or AllOperations; empty means those of snapshot export buckets and
	// any others below their path.
	Operations []string
	// SunsetLead is the number of days before its sunset from which a version is reported. 0
	// reports neither near nor past sunsets.
	SunsetLead int
	// AsOf is the day with which sunsets are compared; the zero time means today in UTC.
	AsOf time.Time
	// Accepted contains the changes that do not affect the verdict; nil means none.
	Accepted *Acceptances
}

// Input is a specification to read, YAML or JSON.
type Input struct {
	// Name is its name in reports and errors.
	Name string
	Data []byte
	// Piped is true if it was read from a pipe.
	Piped bool
}

// AllOperations selects every operation of both specifications if it is the only element of
// [Options.Operations]. Without a baseline, it selects the operations of the embedded
// contract.
const AllOperations = "all"

// DefaultSunsetLead is half a year, in days. It is the default of the command; an
// [Options.SunsetLead] of 0 reports no sunsets.
const DefaultSunsetLead = 180

// Compare returns the changes from the baseline to upstream and the effect of each on
// clients. It fails if the two cannot be compared, which is never reported as the absence
// of drift: a document is not a specification, is truncated, or describes another API; a
// reference dangles; or the baseline lacks a named operation. It also fails if the
// documents have more differences, or take more work to compare, than allowed. It returns
// soon after ctx is done.
func Compare(ctx context.Context, o Options) (*Report, error) {
	if o.AsOf.IsZero() {
		o.AsOf = time.Now().UTC()
	}
	c, err := newComparison(ctx, o)
	if err != nil {
		return nil, err
	}
	return c.run()
}

func (c *comparison) run() (*Report, error) {
	c.planning()
	if err := c.compareVersions(); err != nil {
		return nil, err
	}
	return c.report()
}

// comparison is the state of one call of Compare.
type comparison struct {
	options        Options
	base, revision *contractSet
	contract       *contract
	selects        selected
	keys           []string
	differences    []compare.Difference
	notes          []Note
	// noted are the positions of the notes, by kind, pointer and message.
	noted       map[[3]string]int
	corrections *corrections
	compared    int
	// prose reports whether descriptions and other prose are compared.
	prose bool
	// budget limits the work, which grows with the documents.
	budget *limits.Budget
}

// Limits of one comparison. Two whole specifications of Atlas, nine months apart, take
// 540,000 steps, have 12,000 differences, and nest schemas 11 levels deep.
const (
	maxWork        = 10_000_000
	maxDifferences = 100_000
	maxNesting     = 10_000
)

func newComparison(ctx context.Context, o Options) (*comparison, error) {
	k, err := embeddedContract()
	if err != nil {
		return nil, err
	}
	c := &comparison{options: o, contract: k}
	c.budget = limits.New(limits.Limits{Work: maxWork, Nodes: maxDifferences, Depth: maxNesting}).WithContext(ctx)
	if c.corrections, err = newCorrections(k); err != nil {
		return nil, err
	}
	baseline, upstream, err := c.documents(ctx)
	if err != nil {
		return nil, err
	}
	if c.selects, err = c.selection(baseline, upstream); err != nil {
		return nil, err
	}
	if err := c.collectOperations(baseline, upstream); err != nil {
		return nil, err
	}
	c.keys = c.order()
	if err := c.comparable(); err != nil {
		return nil, err
	}
	c.noteOthers()
	c.prose = o.Baseline != nil && c.base.described() && c.revision.described()
	return c, upstream.HasSections(sectionsOf(baseline)...)
}

// collectOperations lists the operations to compare in the two documents.
func (c *comparison) collectOperations(baseline []*oas.Document, upstream *oas.Document) (err error) {
	if c.base, err = newContractSet(baseline, c.selects); err != nil {
		return err
	}
	if c.revision, err = newContractSet([]*oas.Document{upstream}, c.selects); err != nil {
		return err
	}
	if c.options.Baseline == nil {
		c.base.name, c.base.embedded, c.base.only = embeddedName(), true, ""
	} else if len(c.base.operations) == 0 {
		return c.noOperations(baseline[0])
	}
	c.shareGenerations()
	return nil
}

// shareGenerations lets operations of an API generation that only one side has count as
// removed or added, if both sides are whole documents of one API: if upstream has no
// operations at all, or if both sides have a generation in common.
func (c *comparison) shareGenerations() {
	if !c.sameAPI() {
		return
	}
	old, now := c.base.generations, c.revision.generations
	if len(c.revision.all) == 0 {
		newest := c.base.all[len(c.base.all)-1].Document()
		for _, op := range c.base.all {
			if op.Document() == newest {
				now[generation(op.Key())] = true
			}
		}
	} else if !c.base.embedded && slices.ContainsFunc(slices.Collect(maps.Keys(old)), func(g string) bool { return now[g] }) {
		maps.Copy(now, old)
		maps.Copy(old, now)
	}
}

// documents reads both sides: the baseline, which may be the contract's several documents,
// and upstream. A truncated document is an error.
func (c *comparison) documents(ctx context.Context) (baseline []*oas.Document, upstream *oas.Document, err error) {
	baseline = c.contract.docs
	if b := c.options.Baseline; b != nil {
		doc, err := oas.ParseContext(ctx, b.Name, b.Data)
		if err != nil {
			return nil, nil, err
		}
		if err := doc.Complete(); err != nil {
			return nil, nil, err
		}
		if ops, err := doc.Operations(); err != nil || len(ops) == 0 {
			return nil, nil, cmp.Or(err, fmt.Errorf("%s: it has no operations: nothing can be compared", b.Name))
		}
		baseline = []*oas.Document{doc}
	}
	if upstream, err = oas.ParseContext(ctx, c.options.Upstream.Name, c.options.Upstream.Data); err != nil {
		return nil, nil, err
	}
	return baseline, upstream, upstream.Complete()
}

// sectionsOf lists the top-level sections that every complete copy of the documents has.
// They come last in Atlas's file, so a truncated copy lacks them.
func sectionsOf(docs []*oas.Document) []string {
	var sections []string
	for _, section := range []string{"servers", "security"} {
		if oas.Get(docs[len(docs)-1].Root(), section) != nil {
			sections = append(sections, section)
		}
	}
	return sections
}

// comparable returns the reason why two readable sides cannot be compared.
func (c *comparison) comparable() error {
	common, generation := false, false
	for _, key := range c.keys {
		old := len(c.base.operations[key]) > 0
		common = common || old && len(c.revision.operations[key]) > 0
		generation = generation || old && c.revision.hasGeneration(key)
	}
	switch {
	case common || generation && c.sameAPI():
		return nil
	case generation || len(c.revision.operations) == 0:
		return c.noOperations(c.revision.docs[0])
	}
	return fmt.Errorf("%s and %s describe different generations of the API: nothing can be compared", c.base.name, c.revision.name)
}

// sameAPI reports whether both sides describe one API: they have the same servers, and the
// same title or the title of the specification from which the contract was extracted.
func (c *comparison) sameAPI() bool {
	base, revision := c.base.docs[len(c.base.docs)-1], c.revision.docs[0]
	title := revision.Info("title")
	sameTitle := title == base.Info("title") || c.base.embedded && title == c.contract.source.Title
	return sameTitle && maps.EqualFunc(base.Servers(), revision.Servers(), func(oas.Place, oas.Place) bool { return true })
}

// maxListed is the largest number of operations that an error lists.
const maxListed = 5

// noOperations is the error for a document that has none of the operations to compare.
func (c *comparison) noOperations(doc *oas.Document) error {
	sought := "the operations under " + strings.Join(c.contract.collections, " or ")
	switch named := len(c.options.Operations) > 0; {
	case named && len(c.base.order) <= maxListed:
		sought = strings.Join(c.base.order, ", ")
	case named:
		sought = fmt.Sprintf("the %d operations of %s", len(c.base.order), c.base.name)
	}
	return fmt.Errorf("%s: it has none of %s; its title is %q: is this another API's specification?", doc.Name(), sought, doc.Info("title"))
}

// order lists the keys of both sides: the contract's first, in its order.
func (c *comparison) order() []string {
	var keys []string
	seen := make(map[string]bool)
	for _, from := range [][]string{c.contract.order, c.base.order, c.revision.order} {
		for _, key := range from {
			if known := c.base.operations[key] != nil || c.revision.operations[key] != nil; known && !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// pair is an operation at one version on both sides.
type pair struct {
	key            string
	base, revision *oas.Effective
}

// compareVersions compares every operation at every version that both sides have. All are
// corrected before the first is compared, because operations share schemas.
func (c *comparison) compareVersions() error {
	pairs, err := c.pairs()
	if err != nil {
		return err
	}
	if err := c.correct(pairs); err != nil {
		return err
	}
	cache := compare.NewCache(c.budget)
	for len(pairs) > 0 {
		n := slices.IndexFunc(pairs, func(p pair) bool { return p.revision.Version != pairs[0].revision.Version })
		if n < 0 {
			n = len(pairs)
		}
		if err := c.compareVersion(pairs[:n], cache); err != nil {
			return err
		}
		pairs = pairs[n:]
	}
	if c.compared == 0 && len(c.differences) == 0 {
		return fmt.Errorf("%s and %s have no resource version in common: nothing can be compared", c.base.name, c.revision.name)
	}
	return nil
}

// compareVersion compares the operations of one version.
func (c *comparison) compareVersion(pairs []pair, cache *compare.Cache) error {
	var base, revision []*oas.Effective
	for _, p := range pairs {
		base, revision = append(base, p.base), append(revision, p.revision)
	}
	o := compare.Options{Prose: c.prose, Cache: cache, Base: oas.BranchValuesByPlace(base), Revision: oas.BranchValuesByPlace(revision)}
	for _, p := range pairs {
		c.compared++
		o.Name = c.contract.name(p.key, p.revision.ShortName)
		found, err := compare.Operations(p.base, p.revision, o)
		if err != nil {
			return err
		}
		c.differences = append(c.differences, found...)
		c.noteDeprecated(p.revision, o.Name)
	}
	return nil
}

// pairs reads the operations to compare, by version and then in the order of the keys.
func (c *comparison) pairs() ([]pair, error) {
	together := make(map[string][]string)
	for _, key := range c.keys {
		for _, version := range c.common(key) {
			together[version] = append(together[version], key)
		}
	}
	var out []pair
	for _, version := range slices.Sorted(maps.Keys(together)) {
		for _, key := range together[version] {
			if err := c.budget.Work(1); err != nil {
				return nil, err
			}
			base, err := c.base.read(key, version, c.prose)
			if err != nil {
				return nil, err
			}
			revision, err := c.revision.read(key, version, c.prose)
			if err != nil {
				return nil, err
			}
			out = append(out, pair{key, base, revision})
		}
	}
	return out, nil
}

// common lists the versions of an operation that both sides have. An operation whose media
// types contain no version, such as one without a body, has all of them.
func (c *comparison) common(key string) []string {
	old, now := c.base.versions(key), c.revision.versions(key)
	switch {
	case len(old) == 0 || len(now) == 0:
		return nil
	case slices.Contains(now, oas.Unversioned):
		return old
	case slices.Contains(old, oas.Unversioned):
		return now[len(now)-1:]
	}
	return slices.DeleteFunc(old, func(v string) bool { return !slices.Contains(now, v) })
}
