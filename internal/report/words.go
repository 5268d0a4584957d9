package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// words are the terms for a kind of report.
type words struct {
	item, items      string
	expected, actual string
	related          string
}

func (k Kind) words() words {
	if k == Changes {
		return words{"change", "changes", "old", "new", "baseline"}
	}
	return words{"finding", "findings", "expected", "actual", "contract"}
}

// rank sorts levels, the most severe first.
func (l Level) rank() int {
	switch l {
	case LevelError:
		return 0
	case LevelWarning:
		return 1
	case LevelNote:
		return 2
	default:
		return 3
	}
}

// known returns the level, or LevelNone if it is empty or unknown.
func (l Level) known() Level {
	return [...]Level{LevelError, LevelWarning, LevelNote, LevelNone}[l.rank()]
}

// mark returns the label of an item: the verdict of drift, or else the level.
func (i Item) mark() string {
	if i.Verdict != "" {
		return i.Verdict
	}
	return string(i.Level.known())
}

// fails reports whether the item makes the command fail.
func (i Item) fails() bool { return i.Fails || i.Level == LevelError }

// rule returns the rule id with the failed keyword, such as "schema/pattern".
func (i Item) rule() string {
	if i.Keyword == "" {
		return i.Rule
	}
	return i.Rule + "/" + i.Keyword
}

// headline returns the message, or the best other label of an item without a message.
func (i Item) headline() string { return cmp.Or(i.Message, i.rule(), i.mark(), "finding") }

// ofVersion reports whether the item is about a contract version. An item without a version
// concerns all of them.
func (i Item) ofVersion(version string) bool {
	return len(i.Versions) == 0 || slices.Contains(i.Versions, version)
}

// values returns the expected and the actual value in the form in which they are shown. If
// a change has only one of them, the other is "none".
func (i Item) values(k Kind) (expected, actual string) {
	if k == Changes && (i.Expected == "") != (i.Actual == "") {
		return orNone(i.Expected), orNone(i.Actual)
	}
	return i.Expected, i.Actual
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// otherPlaces returns the places other than the item's location, and the number of places that
// are not listed.
func (i Item) otherPlaces() (places []Location, more int) {
	for _, p := range i.Places {
		if !p.same(i.Location) {
			places = append(places, p)
		}
	}
	return places, max(i.Count-1-len(places), 0)
}

func (l Location) same(other Location) bool {
	if (l.Entry == nil) != (other.Entry == nil) || l.Entry != nil && *l.Entry != *other.Entry {
		return false
	}
	return l.File == other.File && l.Line == other.Line && l.Pointer == other.Pointer
}

// position returns "file:line", "file" or "".
func (l Location) position() string {
	if l.File == "" || l.Line <= 0 {
		return l.File
	}
	return l.File + ":" + strconv.Itoa(l.Line)
}

// entry returns a text such as "entry 4", or "".
func (l Location) entry() string {
	if l.Entry == nil {
		return ""
	}
	return "entry " + strconv.Itoa(*l.Entry)
}

// String returns the place in one line, such as "a.har:210 (entry 4) /_id".
func (l Location) String() string {
	parts := []string{l.position(), l.entry(), l.Pointer}
	if parts[0] != "" && parts[1] != "" {
		parts[1] = "(" + parts[1] + ")"
	}
	return strings.Join(nonEmpty(parts), " ")
}

func nonEmpty(parts []string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// summary returns the text of the verdict, or else the counters.
func (r *Report) summary() string {
	if r.Verdict.Text != "" {
		return r.Verdict.Text
	}
	var parts []string
	for _, c := range r.Counters {
		parts = append(parts, fmt.Sprintf("%s %d", c.Name, c.Value))
	}
	if len(parts) == 0 {
		return phrase.Count(len(r.Items), r.Kind.words().item)
	}
	return strings.Join(parts, ", ")
}

// verdict returns the report's result in one word. The default depends on the most severe
// item.
func (r *Report) verdict() string {
	if r.Verdict.Name != "" {
		return r.Verdict.Name
	}
	if level := r.level(); level != LevelNone {
		return string(level)
	}
	return "ok"
}

// VerdictLine returns the verdict and its summary in one line, as the text format ends
// with them: "fail: 1 error in 67 exchanges of 3 files".
func VerdictLine(r *Report) string {
	return termtext.Visible(r.verdict() + ": " + r.summary())
}

// level returns the level of the verdict, or else of the most severe item.
func (r *Report) level() Level {
	worst := r.Verdict.Level.known()
	if r.Verdict.Name != "" {
		return worst
	}
	for _, item := range r.Items {
		if item.Level.rank() < worst.rank() {
			worst = item.Level
		}
	}
	return worst
}

// percent formats p as "61.5 %", and omits a fraction of 0. It never rounds up to 100,
// because 100 means complete.
func percent(p float64) string {
	if p < 100 {
		p = min(p, 99.9)
	}
	return strconv.FormatFloat(roundTenth(p), 'f', -1, 64) + " %"
}

func roundTenth(p float64) float64 {
	tenth, _ := strconv.ParseFloat(strconv.FormatFloat(p, 'f', 1, 64), 64)
	return tenth
}

// state returns the reason why an acceptance is reported as unused.
func (a Acceptance) state() string {
	if a.Expired {
		return "acceptance expired"
	}
	return "acceptance unused"
}

// why returns the reason and the expiry date, such as "the reason; until 2026-01-31".
func (a Acceptance) why() string {
	until := a.Expires
	if until != "" {
		until = "until " + until
	}
	return strings.Join(nonEmpty([]string{a.Reason, until}), "; ")
}
