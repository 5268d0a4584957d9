package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// sarifSchema is the id of the schema of SARIF 2.1.0 (errata 01).
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// writeSARIF writes the report as SARIF 2.1.0: a result for each item, with the line of the
// recording as its location and the line of the contract as a related location. Accepted
// changes are suppressed results, unreadable inputs are notifications of the run.
func writeSARIF(w io.Writer, r *Report, _ Options) error {
	run := sarif.NewRun()
	s := &sarifWriter{r: r, run: run, rules: map[string]int{}}
	s.tool()
	for _, i := range r.Items {
		run.Results = append(run.Results, s.result(i))
	}
	for _, a := range r.Accepted {
		run.Results = append(run.Results, s.accepted(a))
	}
	run.Invocations = append(run.Invocations, s.invocation())
	run.Properties = s.properties()
	out := sarif.NewReport()
	out.Schema = sarifSchema
	return WriteJSON(w, out.AddRun(run))
}

type sarifWriter struct {
	r     *Report
	run   *sarif.Run
	rules map[string]int
}

func (s *sarifWriter) tool() {
	driver := sarif.NewToolComponent().WithName(cmp.Or(s.r.Tool.Name, "exportbuckets"))
	if v := s.r.Tool.Version; v != "" {
		driver.WithVersion(v)
	}
	if home := webURL(s.r.Tool.URL); home != "" {
		driver.WithInformationURI(home)
	}
	s.run.Tool = sarif.NewTool().WithDriver(driver)
	for _, rule := range s.r.Rules {
		s.rule(rule)
	}
}

// rule adds a rule, once, and returns its index.
func (s *sarifWriter) rule(rule Rule) int {
	if at, known := s.rules[rule.ID]; known {
		return at
	}
	d := sarif.NewRule(rule.ID)
	if rule.Short != "" {
		d.WithShortDescription(sarif.NewMultiformatMessageString().WithText(rule.Short))
	}
	if rule.Help != "" {
		d.WithHelp(sarif.NewMultiformatMessageString().WithText(rule.Help))
	}
	if rule.Level != "" {
		d.WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(string(rule.Level.known())))
	}
	at := len(s.rules)
	s.rules[rule.ID] = at
	s.run.Tool.Driver.Rules = append(s.run.Tool.Driver.Rules, d)
	return at
}

func (s *sarifWriter) result(i Item) *sarif.Result {
	out := sarif.NewRuleResult(i.Rule).WithRuleIndex(s.rule(Rule{ID: i.Rule})).WithLevel(string(i.Level.known()))
	out.Message = sarif.NewTextMessage(sarifText(s.sentence(i)))
	if i.Level.known() == LevelNone {
		out.Kind = "informational" // the only kinds that may have no level
	}
	s.locate(out, i)
	hash := fingerprint(i)
	out.PartialFingerprints = map[string]string{"exportbuckets/v1": hash, "primaryLocationLineHash": hash[:16] + ":1"}
	if i.Count > 1 {
		out.WithOccurrenceCount(i.Count)
	}
	out.Properties = itemProperties(i)
	return out
}

func (s *sarifWriter) accepted(a Accepted) *sarif.Result {
	why := sarif.NewSuppression().WithKind("external").WithStatus("accepted").WithJustification(a.Acceptance.why())
	return s.result(a.Item).AddSuppression(why)
}

// sentence returns the message with the hint and the next step, because viewers show only
// the message.
func (s *sarifWriter) sentence(i Item) string {
	words := s.r.Kind.words()
	expected, actual := i.values(s.r.Kind)
	parts := []string{i.headline()}
	for _, p := range []Label{{words.expected, expected}, {words.actual, actual}, {"hint", i.Hint}, {"next", i.Next}} {
		if p.Value != "" {
			parts = append(parts, p.Name+": "+p.Value)
		}
	}
	return strings.Join(parts, "\n")
}

// sarifText escapes quoted text with backslashes, because "[text](target)" is SARIF's syntax
// for a link (section 3.11.6).
func sarifText(s string) string {
	if !strings.Contains(s, "](") {
		return s
	}
	return strings.NewReplacer("[", `\[`, "]", `\]`).Replace(s)
}

// locate adds the item's place, the other places where it occurs and, as related, the place
// in the contract. An item without a place gets the place in the contract, because code
// scanning refuses results without a place.
func (s *sarifWriter) locate(out *sarif.Result, i Item) {
	primary, related := i.Location, []*sarif.Location{}
	if i.Related != nil && i.Related.File != "" {
		if primary.File == "" {
			primary = *i.Related
		} else {
			related = append(related, location(*i.Related, s.r.Kind.words().related))
		}
	}
	if primary.File == "" {
		return
	}
	out.Locations = append(out.Locations, location(primary, primary.entry()))
	places, _ := i.otherPlaces()
	for _, p := range places {
		if p.File != "" {
			related = append(related, location(p, strings.TrimSpace("also here "+bracketed(p.entry()))))
		}
	}
	for n, l := range related {
		out.RelatedLocations = append(out.RelatedLocations, l.WithID(n+1))
	}
}

func location(l Location, message string) *sarif.Location {
	physical := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewArtifactLocation().WithURI(fileURI(l.File)))
	if l.Line > 0 {
		physical.WithRegion(sarif.NewRegion().WithStartLine(l.Line))
	}
	out := sarif.NewLocationWithPhysicalLocation(physical)
	if l.Pointer != "" {
		out.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(l.Pointer).WithKind("property"))
	}
	if message != "" {
		out.WithMessage(sarif.NewTextMessage(message))
	}
	return out
}

// fileURI returns the URI reference of a path. A relative path remains relative, so that
// code scanning finds the file in the repository.
func fileURI(file string) string {
	if u, err := url.Parse(file); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		return u.String()
	}
	path := filepath.ToSlash(file)
	if filepath.IsAbs(file) || strings.HasPrefix(path, "/") {
		return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(path, "/")}).String()
	}
	return (&url.URL{Path: path}).String()
}

// fingerprint returns the same value for the same finding on every run, even if its lines
// have moved: the change's id, or a hash of the finding and its place.
func fingerprint(i Item) string {
	parts := []string{i.ID}
	if i.ID == "" {
		parts = append(parts, i.Rule, i.Keyword, i.Location.File, i.Location.Pointer, i.Message)
		parts = append(parts, i.Operations...)
		parts = append(parts, i.Versions...)
		if i.Related != nil {
			parts = append(parts, i.Related.File, i.Related.Pointer)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// itemProperties are the facts for which SARIF has no property.
func itemProperties(i Item) *sarif.PropertyBag {
	bag := sarif.NewPropertyBag()
	for name, value := range map[string]string{
		"id": i.ID, "keyword": i.Keyword, "verdict": i.Verdict, "curl": i.Curl, "entry": strings.TrimPrefix(i.Location.entry(), "entry "),
	} {
		if value != "" {
			bag.Add(name, value)
		}
	}
	for name, values := range map[string][]string{"operations": i.Operations, "versions": i.Versions, "affects": i.Affects} {
		if len(values) > 0 {
			bag.Add(name, values)
		}
	}
	for _, l := range i.Labels {
		bag.Add("label."+l.Name, l.Value)
	}
	return bag
}

// invocation lists the inputs that could not be checked.
func (s *sarifWriter) invocation() *sarif.Invocation {
	out := sarif.NewInvocation().WithExecutionSuccessful(len(s.r.Unreadable) == 0)
	for _, u := range s.r.Unreadable {
		n := sarif.NewNotification().WithLevel(string(LevelError)).WithMessage(sarif.NewTextMessage(sarifText(u.Reason)))
		if u.Location.File != "" {
			n.AddLocation(location(u.Location, u.Location.entry()))
		}
		out.ToolExecutionNotifications = append(out.ToolExecutionNotifications, n)
	}
	return out
}

func (s *sarifWriter) properties() *sarif.PropertyBag {
	bag := sarif.NewPropertyBag().Add("verdict", s.r.verdict()).Add("summary", s.r.summary())
	for _, c := range s.r.Counters {
		bag.Add("count."+c.Name, c.Value)
	}
	if s.r.First != "" {
		bag.Add("first", s.r.First)
	}
	if s.r.Next != "" {
		bag.Add("next", s.r.Next)
	}
	if c := s.r.Coverage; c != nil {
		bag.Add("coverage", strconv.FormatFloat(roundTenth(c.Percent), 'f', -1, 64))
	}
	return bag
}
