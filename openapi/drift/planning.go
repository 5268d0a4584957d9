package drift

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
)

// planning compares what the documents declare of operations and versions as a whole:
// which there are, and until when. It reads them as they came, uncorrected.
func (c *comparison) planning() {
	c.webhooks()
	for _, key := range c.keys {
		switch {
		case len(c.was.operations[key]) == 0:
			c.operationAppeared(key)
		case !c.is.hasGeneration(key):
		case len(c.is.operations[key]) == 0:
			c.operationVanished(key)
		default:
			c.versionsOf(key)
		}
	}
}

// webhooks compares the calls that upstream makes itself. drift does not interpret them.
func (c *comparison) webhooks() {
	if !slices.Contains(c.options.Operations, AllOperations) {
		return
	}
	was, is := c.was.docs[0], c.is.docs[0]
	old, now := was.Webhooks(), is.Webhooks()
	for _, name := range slices.Sorted(maps.Keys(merge(old, now))) {
		if old[name].Value == now[name].Value {
			continue
		}
		d := judge.Difference{
			Rule: judge.RuleOf("not-judged"), Family: "not-judged", Keyword: "the webhook", Operation: "webhook " + name, Version: oas.Unversioned, Subject: judge.TheOperation,
			Was: placeOr(old[name].At, was.Place(oas.Join("/webhooks", name))), Is: placeOr(now[name].At, is.Place(oas.Join("/webhooks", name))), Lost: old[name].Value != "", Found: now[name].Value != "",
		}
		c.differences = append(c.differences, d)
	}
}

func merge(a, b map[string]oas.Item) map[string]oas.Item {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// operationAppeared tells of an operation that the baseline does not have, unless
// the baseline is a file that would not show it.
func (c *comparison) operationAppeared(key string) {
	if !c.was.hasGeneration(key) {
		return
	}
	newest := c.is.newestFirst(key)
	if len(newest) == 0 {
		return
	}
	v := newest[0]
	d := judge.Difference{Item: key, New: quoted(c.nameOf(v)), Found: true}
	rule := "operation-added"
	if c.was.only != "" && v.version != oas.Unversioned && c.is.versions(key)[0] > c.was.only {
		d.Item, rule = v.version, "version-added"
	}
	c.addPlanned(rule, v.version, nil, &planned{versioned: v}, d)
}

// operationVanished tells of an operation that is gone, unless upstream is a file
// that would not show it.
func (c *comparison) operationVanished(key string) {
	for _, v := range c.was.newestFirst(key) {
		if c.is.shows(key, v.version, c.was.versions(key)) {
			d := judge.Difference{Item: key, Old: quoted(c.nameOf(v)), Lost: true, Detail: c.elsewhere(v)}
			c.addPlanned("operation-removed", v.version, &planned{versioned: v}, nil, d)
			return
		}
	}
}

// elsewhere returns where upstream has an operation of the same name.
func (c *comparison) elsewhere(v versioned) string {
	if c.is.named == nil {
		c.is.named = make(map[string]*oas.Operation)
		for _, op := range slices.Backward(c.is.all) {
			c.is.named[op.ID], c.is.named[op.ShortName] = op, op
		}
	}
	for _, name := range []string{v.ShortName, v.ID} {
		if op := c.is.named[name]; op != nil && name != "" {
			return "upstream has it as " + op.String() + " now"
		}
	}
	return ""
}

func (c *comparison) versionsOf(key string) {
	known, there := c.was.versions(key), c.is.versions(key)
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
		case c.is.shows(key, version, known):
			v := c.was.at(key, version)
			d := judge.Difference{Item: version, Old: quoted(version), Lost: true}
			c.addPlanned("version-removed", version, &planned{v, v.versionAt()}, nil, d)
		default:
			c.notShown(key, version)
		}
	}
	for _, version := range there {
		if !slices.Contains(known, version) && (c.was.only == "" || version > known[len(known)-1]) {
			v := c.is.at(key, version)
			d := judge.Difference{Item: version, New: quoted(version), Found: true}
			c.addPlanned("version-added", version, nil, &planned{v, v.versionAt()}, d)
		}
	}
}

// addPlanned records a difference of an operation as a whole. was and is are nil on the
// side that does not have it; their places are at the pointers given, "" for the
// operation itself.
func (c *comparison) addPlanned(rule, version string, was, is *planned, d judge.Difference) {
	d.Rule, d.Family, d.Version, d.Subject = judge.RuleOf(rule), rule, version, judge.TheOperation
	if was != nil {
		d.Was, d.Operation = was.place(), c.nameOf(was.versioned)
		d.Is = c.is.missing(was.versioned)
	}
	if is != nil {
		d.Is, d.Operation = is.place(), c.nameOf(is.versioned)
	}
	if was == nil {
		d.Was = c.was.missing(is.versioned)
	}
	c.differences = append(c.differences, d)
}

// placeOr returns the first place, or the second where the first is unknown.
func placeOr(p, otherwise oas.Place) oas.Place {
	if p.IsZero() {
		return otherwise
	}
	return p
}

// planned is an operation at a version, and the pointer of what is compared of it.
type planned struct {
	versioned
	pointer string
}

func (p *planned) place() oas.Place {
	return p.Document().Place(cmp.Or(p.pointer, p.Pointer()))
}

// nameOf returns the short name of an operation.
func (c *comparison) nameOf(v versioned) string { return c.contract.name(v.Key(), v.ShortName) }

func quoted(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return b
}

// sunset compares when a version ends.
func (c *comparison) sunset(key, version string) {
	was, is := c.was.at(key, version), c.is.at(key, version)
	old, now := was.end(), is.end()
	d := judge.Difference{Item: version, Lost: old.sunset != "", Found: now.sunset != ""}
	rule := "sunset-moved"
	switch {
	case old.inMedia && now.sunset == "" && !now.hasMedia: // the response is gone, which is reported
		return
	case old.sunset == now.sunset:
		c.deprecation(version, was, is)
		c.nearing(version, was, is)
		return
	case old.sunset == "":
		rule = "sunset-added"
	case now.sunset == "":
		rule = "sunset-withdrawn"
	}
	if d.Lost {
		d.Old = quoted(old.sunset)
	}
	if d.Found {
		d.New = quoted(now.sunset)
	}
	c.addEnd(rule, version, was, is, d)
}

// addEnd records a difference of a version's end, with what is left until then.
func (c *comparison) addEnd(rule, version string, was, is versioned, d judge.Difference) {
	d.Detail = c.left(is.end().sunset)
	if date, err := day(is.end().sunset); err == nil && date.Before(c.today()) && rule != "sunset-past" {
		d.Detail = "it was switched off " + d.Detail
	}
	c.addPlanned(rule, version, &planned{was, was.end().at}, &planned{is, is.end().at}, d)
}

// deprecation compares whether a version of an operation is deprecated.
func (c *comparison) deprecation(version string, was, is versioned) {
	old, now := was.end(), is.end()
	if old.deprecated == now.deprecated {
		return
	}
	rule := "deprecation-added"
	if old.deprecated {
		rule = "deprecation-withdrawn"
	}
	d := judge.Difference{Item: "the operation", Old: truth(old.deprecated), New: truth(now.deprecated), Lost: old.deprecated, Found: now.deprecated}
	c.addPlanned(rule, version, &planned{was, was.Pointer() + "/deprecated"}, &planned{is, is.Pointer() + "/deprecated"}, d)
}

func truth(b bool) json.RawMessage { return json.RawMessage(strconv.FormatBool(b)) }

// nearing records an end that both sides know, when it is near or past.
func (c *comparison) nearing(version string, was, is versioned) {
	date, err := day(is.end().sunset)
	if err != nil || c.options.SunsetLead <= 0 {
		return
	}
	days := int(date.Sub(c.today()).Hours() / 24)
	rule := "sunset-near"
	switch {
	case days > c.options.SunsetLead:
		return
	case days < 0:
		rule = "sunset-past"
	}
	e := quoted(is.end().sunset)
	c.addEnd(rule, version, was, is, judge.Difference{Item: version, Old: e, New: e, Lost: true, Found: true})
}

// left says how many days there are until a date.
func (c *comparison) left(date string) string {
	d, err := day(date)
	if err != nil {
		return ""
	}
	switch days := int(d.Sub(c.today()).Hours() / 24); {
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

// day reads a date, with or without a time of day behind it.
func day(s string) (time.Time, error) {
	return time.Parse(time.DateOnly, s[:min(len(s), len(time.DateOnly))])
}
