package drift

import (
	"cmp"
	"slices"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/compare"
)

// planning compares which operations and versions exist, and their sunset dates. It reads
// the documents without corrections.
func (c *comparison) planning() {
	c.parts()
	for _, key := range c.keys {
		switch {
		case len(c.base.operations[key]) == 0:
			c.operationAdded(key)
		case !c.revision.hasGeneration(key):
		case len(c.revision.operations[key]) == 0:
			c.operationRemoved(key)
		default:
			c.versionsOf(key)
		}
	}
}

// parts compares the parts of the documents that belong to no operation. Webhooks are
// compared only with all operations.
func (c *comparison) parts() {
	base := c.base.docs[len(c.base.docs)-1]
	webhooks := slices.Contains(c.options.Operations, AllOperations)
	c.differences = append(c.differences, compare.Documents(base, c.revision.docs[0], webhooks, c.prose)...)
}

// operationAdded reports an operation that the baseline lacks, unless the baseline is a
// file that would not contain it.
func (c *comparison) operationAdded(key string) {
	if !c.base.hasGeneration(key) {
		return
	}
	newest := c.revision.newestFirst(key)
	if len(newest) == 0 {
		return
	}
	v := newest[0]
	d := compare.Difference{Item: key, New: compare.Text(c.nameOf(v)), Found: true}
	rule := "operation-added"
	if c.base.only != "" && v.version != oas.Unversioned && c.revision.versions(key)[0] > c.base.only {
		d.Item, rule = v.version, "version-added"
	}
	c.addPlanned(rule, v.version, nil, &planned{versionedOperation: v}, d)
}

// operationRemoved reports an operation that upstream lacks, unless upstream is a file
// that would not contain it.
func (c *comparison) operationRemoved(key string) {
	for _, v := range c.base.newestFirst(key) {
		if c.revision.shows(key, v.version, c.base.versions(key)) {
			d := compare.Difference{Item: key, Old: compare.Text(c.nameOf(v)), Lost: true, Detail: c.sameNameHint(v)}
			c.addPlanned("operation-removed", v.version, &planned{versionedOperation: v}, nil, d)
			return
		}
	}
}

// sameNameHint describes the operation of the same name that upstream has at another place.
func (c *comparison) sameNameHint(v versionedOperation) string {
	if c.revision.named == nil {
		c.revision.named = make(map[string]*oas.Operation)
		for _, op := range slices.Backward(c.revision.all) {
			c.revision.named[op.ID], c.revision.named[op.ShortName] = op, op
		}
	}
	for _, name := range []string{v.ShortName, v.ID} {
		if op := c.revision.named[name]; op != nil && name != "" {
			return "upstream has it as " + op.String() + " now"
		}
	}
	return ""
}

func (c *comparison) versionsOf(key string) {
	known, there := c.base.versions(key), c.revision.versions(key)
	if slices.Contains(known, oas.Unversioned) || slices.Contains(there, oas.Unversioned) {
		for _, version := range c.common(key) {
			c.sunset(key, version)
		}
		return
	}
	for _, version := range known {
		switch {
		case slices.Contains(there, version):
			c.sunset(key, version)
		case c.revision.shows(key, version, known):
			v := c.base.at(key, version)
			d := compare.Difference{Item: version, Old: compare.Text(version), Lost: true}
			c.addPlanned("version-removed", version, &planned{v, v.versionAt()}, nil, d)
		default:
			c.notShown(key, version)
		}
	}
	for _, version := range there {
		if !slices.Contains(known, version) && (c.base.only == "" || version > known[len(known)-1]) {
			v := c.revision.at(key, version)
			d := compare.Difference{Item: version, New: compare.Text(version), Found: true}
			c.addPlanned("version-added", version, nil, &planned{v, v.versionAt()}, d)
		}
	}
}

// addPlanned records a difference of a whole operation. base or revision is nil if that side
// does not have the operation.
func (c *comparison) addPlanned(rule, version string, base, revision *planned, d compare.Difference) {
	d.Rule, d.Family, d.Version, d.Subject = compare.RuleOf(rule), rule, version, compare.TheOperation
	if base != nil {
		d.Base, d.Operation = base.place(), c.nameOf(base.versionedOperation)
		d.Revision = c.revision.missing(base.versionedOperation)
	}
	if revision != nil {
		d.Revision, d.Operation = revision.place(), c.nameOf(revision.versionedOperation)
	}
	if base == nil {
		d.Base = c.base.missing(revision.versionedOperation)
	}
	c.differences = append(c.differences, d)
}

// planned is an operation at a version, and the pointer of the compared part, or "" for the
// operation itself.
type planned struct {
	versionedOperation
	pointer string
}

func (p *planned) place() oas.Place {
	return p.Document().Place(cmp.Or(p.pointer, p.Pointer()))
}

// nameOf returns the short name of an operation.
func (c *comparison) nameOf(v versionedOperation) string {
	return c.contract.name(v.Key(), v.ShortName)
}

// sunset compares the sunsets of a version.
func (c *comparison) sunset(key, version string) {
	base, revision := c.base.at(key, version), c.revision.at(key, version)
	old, now := base.lifecycle(), revision.lifecycle()
	d := compare.Difference{Item: version, Lost: old.sunset != "", Found: now.sunset != ""}
	rule := "sunset-moved"
	switch {
	case old.inMedia && now.sunset == "" && !now.hasMedia: // the removal of the response is already reported
		return
	case old.sunset == now.sunset:
		c.deprecation(version, base, revision)
		c.nearSunset(version, base, revision)
		return
	case old.sunset == "":
		rule = "sunset-added"
	case now.sunset == "":
		rule = "sunset-withdrawn"
	}
	if d.Lost {
		d.Old = compare.Text(old.sunset)
	}
	if d.Found {
		d.New = compare.Text(now.sunset)
	}
	c.addSunset(rule, version, base, revision, d)
}

// addSunset records a difference in a version's sunset, and the number of days until then.
func (c *comparison) addSunset(rule, version string, base, revision versionedOperation, d compare.Difference) {
	if days, known := c.daysUntil(revision.lifecycle().sunset); known {
		d.Detail = daysLeft(days)
		if days < 0 && rule != "sunset-past" {
			d.Detail = "it was switched off " + d.Detail
		}
	}
	c.addPlanned(rule, version, &planned{base, base.lifecycle().at}, &planned{revision, revision.lifecycle().at}, d)
}

// deprecation compares whether a version of an operation is deprecated.
func (c *comparison) deprecation(version string, base, revision versionedOperation) {
	old, now := base.lifecycle(), revision.lifecycle()
	if old.deprecated == now.deprecated {
		return
	}
	rule := "deprecation-added"
	if old.deprecated {
		rule = "deprecation-withdrawn"
	}
	d := compare.Flip(old.deprecated, now.deprecated, oas.Place{}, oas.Place{})
	d.Item = "the operation"
	c.addPlanned(rule, version, &planned{base, base.Pointer() + "/deprecated"}, &planned{revision, revision.Pointer() + "/deprecated"}, d)
}

// nearSunset records a sunset that is equal on both sides if it is near or past.
func (c *comparison) nearSunset(version string, base, revision versionedOperation) {
	days, known := c.daysUntil(revision.lifecycle().sunset)
	if !known || c.options.SunsetLead <= 0 {
		return
	}
	rule := "sunset-near"
	switch {
	case days > c.options.SunsetLead:
		return
	case days < 0:
		rule = "sunset-past"
	}
	e := compare.Text(revision.lifecycle().sunset)
	c.addSunset(rule, version, base, revision, compare.Difference{Item: version, Old: e, New: e, Lost: true, Found: true})
}

// daysLeft describes the number of days until a date.
func daysLeft(days int) string {
	switch {
	case days < 0:
		return phrase.Count(-days, "day") + " ago"
	case days == 0:
		return "today"
	default:
		return phrase.Count(days, "day") + " left"
	}
}

func (c *comparison) today() time.Time {
	y, m, d := c.options.AsOf.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// daysUntil returns the number of days until a date, which a time of day may follow. known is
// false for an invalid date.
func (c *comparison) daysUntil(date string) (days int, known bool) {
	day, err := time.Parse(time.DateOnly, date[:min(len(date), len(time.DateOnly))])
	return int(day.Sub(c.today()).Hours() / 24), err == nil
}
