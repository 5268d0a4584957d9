package drift

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// planning compares what the documents say of operations and versions as a whole:
// which there are, and until when. It reads them as they came, uncorrected.
func (c *comparison) planning() {
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
	h := newest[0]
	d := judge.Difference{Item: key, New: quoted(c.nameOf(h)), Found: true}
	if c.was.only != "" && h.version != trim.Unversioned && c.is.versions(key)[0] > c.was.only {
		d.Item = h.version
		c.tell("version-added", h.version, nil, &h, d)
		return
	}
	c.tell("operation-added", h.version, nil, &h, d)
}

// operationVanished tells of an operation that is gone, unless upstream is a file
// that would not show it.
func (c *comparison) operationVanished(key string) {
	for _, h := range c.was.newestFirst(key) {
		if c.is.shows(key, h.version, c.was.versions(key)) {
			d := judge.Difference{Item: key, Old: quoted(c.nameOf(h)), Lost: true, Detail: c.elsewhere(h)}
			c.tell("operation-removed", h.version, &h, nil, d)
			return
		}
	}
}

// elsewhere tells where upstream has an operation of the same name.
func (c *comparison) elsewhere(h held) string {
	for _, op := range c.upstream.Operations() {
		if op.ShortName == h.op.ShortName || op.ID == h.op.ID {
			return "upstream has it as " + op.String() + " now"
		}
	}
	return ""
}

func (c *comparison) versionsOf(key string) {
	known, there := c.was.versions(key), c.is.versions(key)
	if slices.Contains(known, trim.Unversioned) || slices.Contains(there, trim.Unversioned) {
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
			h := c.was.at(key, version)
			d := judge.Difference{Item: version, Old: quoted(version), Lost: true, Was: at(h.versionAt())}
			c.tell("version-removed", version, &h, nil, d)
		default:
			c.notShown(key, version)
		}
	}
	for _, version := range there {
		if !slices.Contains(known, version) && (c.was.only == "" || version > known[len(known)-1]) {
			h := c.is.at(key, version)
			d := judge.Difference{Item: version, New: quoted(version), Found: true, Is: at(h.versionAt())}
			c.tell("version-added", version, nil, &h, d)
		}
	}
}

// newestFirst gives what a side holds of an operation.
func (s *side) newestFirst(key string) []held {
	versions := s.versions(key)
	slices.Reverse(versions)
	var out []held
	for _, v := range versions {
		out = append(out, s.operations[key][v])
	}
	return out
}

// tell records a difference of an operation as a whole. was and is are nil on the
// side that has it not; their places are at the pointers that d's Was and Is hold,
// or the operation itself.
func (c *comparison) tell(rule, version string, was, is *held, d judge.Difference) {
	d.Rule, d.Family, d.Version, d.Subject = judge.RuleOf(rule), rule, version, judge.TheOperation
	l := located{Difference: d}
	if was != nil {
		l.Was, l.wasDoc, l.Operation = was.placeOr(d.Was.Pointer), was.doc, c.nameOf(*was)
	}
	if is != nil {
		l.Is, l.isDoc, l.Operation = is.placeOr(d.Is.Pointer), is.doc, c.nameOf(*is)
	}
	c.differences = append(c.differences, l)
}

func (h held) placeOr(pointer string) shape.Place {
	if pointer == "" {
		pointer = h.pointer()
	}
	return h.place(pointer)
}

// at is a place that only its pointer is known of.
func at(pointer string) shape.Place { return shape.Place{Pointer: pointer} }

func quoted(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return b
}

func (c *comparison) sunset(key, version string) {
	was := c.was.at(key, version)
	is := c.is.at(key, version)
	old, now := was.end(), is.end()
	d := judge.Difference{Item: version, Lost: old.sunset != "", Found: now.sunset != ""}
	rule := "sunset-moved"
	switch {
	case !old.told || !now.told:
		c.deprecation(key, version)
		return
	case old.sunset == now.sunset:
		c.deprecation(key, version)
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
	c.tellEnd(rule, version, was, is, d)
}

// tellEnd records a difference of a version's end, with what is left until then.
func (c *comparison) tellEnd(rule, version string, was, is held, d judge.Difference) {
	d.Detail = c.left(is.end().sunset)
	d.Was, d.Is = at(was.end().at), at(is.end().at)
	c.tell(rule, version, &was, &is, d)
}

// deprecation compares the mark on an operation. A version that ends is deprecated
// whether or not it says so.
func (c *comparison) deprecation(key, version string) {
	was := c.was.at(key, version)
	is := c.is.at(key, version)
	old, now := was.end(), is.end()
	if old.deprecated == now.deprecated || now.sunset != "" {
		return
	}
	rule := "deprecation-added"
	if old.deprecated {
		rule = "deprecation-withdrawn"
	}
	c.tell(rule, version, &was, &is, judge.Difference{
		Item: "the operation", Old: truth(old.deprecated), New: truth(now.deprecated), Lost: old.deprecated, Found: now.deprecated,
		Was: at(was.pointer() + "/deprecated"), Is: at(is.pointer() + "/deprecated"),
	})
}

func truth(b bool) json.RawMessage { return json.RawMessage(strconv.FormatBool(b)) }

// nearing tells of an end that both sides know, when it is near or past.
func (c *comparison) nearing(version string, was, is held) {
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
	c.tellEnd(rule, version, was, is, judge.Difference{Item: version, Old: e, New: e, Lost: true, Found: true})
}

// left says how many days there are until a date.
func (c *comparison) left(date string) string {
	d, err := day(date)
	if err != nil {
		return ""
	}
	switch days := int(d.Sub(c.today()).Hours() / 24); {
	case days < 0:
		return inDays(-days) + " ago"
	case days == 0:
		return "today"
	default:
		return inDays(days) + " left"
	}
}

func inDays(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

func (c *comparison) today() time.Time {
	y, m, d := c.options.AsOf.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// day reads a date, with or without a time of day behind it.
func day(s string) (time.Time, error) {
	return time.Parse(time.DateOnly, s[:min(len(s), len(time.DateOnly))])
}
