package drift

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// Options say what to compare, and how to judge it.
type Options struct {
	// Upstream is the specification as it is now.
	Upstream Input
	// Baseline is the one that the client was written for; nil is the embedded contract.
	Baseline *Input
	// Operations are the operations of the baseline to compare, named as for
	// trim.Selection, or AllOperations alone; empty are those of snapshot export
	// buckets and whatever else stands under their path.
	Operations []string
	// SunsetLead is how many days before a version is switched off it is told; 0
	// tells neither near nor past ends.
	SunsetLead int
	// AsOf is the day that ends are held against; the zero time is today, UTC.
	AsOf time.Time
	// Accepted are changes that do not count.
	Accepted *Acceptances
}

// Input is a specification to read, YAML or JSON.
type Input struct {
	// Name is what reports and errors call it.
	Name string
	Data []byte
	// Piped tells that it came through a pipe.
	Piped bool
}

// AllOperations stands for every operation of the baseline.
const AllOperations = "all"

// DefaultSunsetLead is half a year, in days.
const DefaultSunsetLead = 180

// Compare tells what changed from the baseline to upstream and what each change
// means to a client. It fails when the two can't be compared: a document that is
// none, without any of the operations to compare, or with a reference that dangles;
// and when an operation was named that the baseline has not.
// That is never taken for the absence of drift.
func Compare(o Options) (*Report, error) {
	if o.AsOf.IsZero() {
		o.AsOf = time.Now().UTC()
	}
	c, err := newComparison(o)
	if err != nil {
		return nil, err
	}
	c.planning()
	if err := c.compareVersions(); err != nil {
		return nil, err
	}
	return c.report()
}

// comparison is one run.
type comparison struct {
	options     Options
	was, is     *side
	upstream    *trim.Document
	contract    *contract
	selects     selected
	keys        []string
	differences []located
	notes       []Note
	corrections map[string]*correctionUse
	names       map[string]string
	compared    int
	// prose tells whether words are compared.
	prose bool
}

// located is a difference, and the documents that its places are in.
type located struct {
	judge.Difference
	wasDoc, isDoc *trim.Document
}

func newComparison(o Options) (*comparison, error) {
	k, err := theContract()
	if err != nil {
		return nil, err
	}
	upstream, err := parse(o.Upstream)
	if err != nil {
		return nil, err
	}
	c := &comparison{
		options: o, contract: k, upstream: upstream,
		corrections: make(map[string]*correctionUse), names: make(map[string]string),
	}
	if err := c.baseline(); err != nil {
		return nil, err
	}
	c.is = foreignSide(upstream, c.selects)
	c.keys = c.order()
	c.prose = o.Baseline != nil && c.was.wordy() && c.is.wordy()
	return c, c.comparable(upstream)
}

func parse(in Input) (*trim.Document, error) {
	if err := plausible(in); err != nil {
		return nil, err
	}
	return trim.ParseBytes(in.Name, in.Data)
}

// baseline reads what to compare with, and settles which operations are compared.
func (c *comparison) baseline() error {
	if c.options.Baseline == nil {
		var err error
		if c.selects, err = c.selection(c.contract.all()...); err == nil {
			c.was = c.contract.side(c.selects)
		}
		return err
	}
	doc, err := parse(*c.options.Baseline)
	if err != nil {
		return err
	}
	if c.selects, err = c.selection(doc); err != nil {
		return err
	}
	c.was = foreignSide(doc, c.selects)
	if len(c.was.operations) == 0 {
		return c.stranger(doc)
	}
	c.noteOthers(doc)
	return nil
}

// comparable tells why two sides that can be read can't be compared.
func (c *comparison) comparable(upstream *trim.Document) error {
	if len(c.is.operations) == 0 {
		return c.stranger(upstream)
	}
	for _, key := range c.keys {
		if len(c.was.operations[key]) > 0 && c.is.hasGeneration(key) {
			return nil
		}
	}
	return fmt.Errorf("%s and %s speak of different generations of the API: nothing can be compared", c.was.name, c.is.name)
}

// maxListed is how many operations an error names.
const maxListed = 5

// stranger tells of a document that has nothing of what is compared.
func (c *comparison) stranger(doc *trim.Document) error {
	sought := "the operations under " + strings.Join(c.contract.collections, " or ")
	switch named := len(c.options.Operations) > 0; {
	case named && len(c.was.order) <= maxListed:
		sought = strings.Join(c.was.order, ", ")
	case named:
		sought = fmt.Sprintf("the %d operations of %s", len(c.was.order), c.was.name)
	}
	return fmt.Errorf("%s: none of %s is there (it is %q): is this another API's specification?", doc.Name(), sought, doc.Info("title"))
}

// order lists the keys of both sides: the contract's first, in its order.
func (c *comparison) order() []string {
	var keys []string
	for _, from := range [][]string{c.contract.order, c.was.order, c.is.order} {
		for _, key := range from {
			known := c.was.operations[key] != nil || c.is.operations[key] != nil
			if known && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// compareVersions compares every operation at every version that both sides show.
func (c *comparison) compareVersions() error {
	together := make(map[string][]string)
	for _, key := range c.keys {
		for _, version := range c.common(key) {
			together[version] = append(together[version], key)
		}
	}
	for _, version := range slices.Sorted(maps.Keys(together)) {
		if err := c.compareAt(version, together[version]); err != nil {
			return err
		}
	}
	if c.compared == 0 && len(c.differences) == 0 {
		return fmt.Errorf("%s and %s have no resource version in common: nothing can be compared", c.was.name, c.is.name)
	}
	return nil
}

// common lists the versions of an operation that both sides have. An operation whose
// media types carry no version, such as one without any body, stands for all.
func (c *comparison) common(key string) []string {
	old, now := c.was.versions(key), c.is.versions(key)
	switch {
	case len(old) == 0 || len(now) == 0:
		return nil
	case slices.Contains(now, trim.Unversioned):
		return old
	case slices.Contains(old, trim.Unversioned):
		return now[len(now)-1:]
	}
	return slices.DeleteFunc(old, func(v string) bool { return !slices.Contains(now, v) })
}

func (c *comparison) compareAt(version string, keys []string) error {
	was, err := c.shapes(c.was, version, keys)
	if err != nil {
		return err
	}
	is, err := c.shapes(c.is, version, keys)
	if err != nil {
		return err
	}
	for _, key := range keys {
		c.compared++
		old, now := was[key], is[key]
		now.shape.Name = c.contract.name(key, now.shape.Name)
		for _, d := range judge.Compare(old.shape, now.shape, judge.Options{Prose: c.prose}) {
			c.differences = append(c.differences, located{d, old.doc, now.doc})
		}
		c.noteDeprecated(now)
	}
	return nil
}

// shaped is an operation's normal form, and the document that it comes from.
type shaped struct {
	shape *shape.Operation
	doc   *trim.Document
}
