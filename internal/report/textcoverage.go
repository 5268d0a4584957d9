package report

import (
	"fmt"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// textMissing is the maximum number of unseen names that the text format lists for a
// response.
const textMissing = 6

func (t *textWriter) coverage() {
	c := t.r.Coverage
	if c == nil {
		return
	}
	t.wrap("", "    ", t.style.bold("coverage")+" "+c.headline())
	for _, op := range c.Operations {
		t.line("  " + t.style.bold(op.Operation) + t.style.dim(" "+op.Version) + " " + percent(op.Percent))
		t.responses(op)
	}
	t.line("")
}

// headline returns a line such as "61.5 % of the contract (131 of 213), at least 80 %
// required; evidence 2025-04-02 to 2026-08-11".
func (c *Coverage) headline() string {
	text := percent(c.Percent) + " of the contract"
	if c.Total > 0 {
		text += fmt.Sprintf(" (%d of %d)", c.Seen, c.Total)
	}
	if c.Minimum > 0 {
		text += ", at least " + percent(c.Minimum) + " required"
	}
	if c.Evidence != "" {
		text += "; evidence " + c.Evidence
	}
	return text
}

// responses writes a line for each response that was seen, and one line for all responses
// that were not.
func (t *textWriter) responses(op OperationCoverage) {
	var never []string
	for _, r := range op.Responses {
		if r.Exchanges == 0 {
			never = append(never, r.Status)
			continue
		}
		t.wrap("    ", "        ", r.text(t.style))
	}
	if len(never) > 0 {
		t.wrap("    ", "        ", t.style.dim("never seen: "+strings.Join(never, ", ")))
	}
}

// text returns the counts, and the parts of the response that were never seen.
func (r ResponseCoverage) text(s style) string {
	parts := []string{r.counts(s)}
	if missing := r.missing(); len(missing) > 0 {
		parts = append(parts, s.dim("never seen: "+phrase.First(missing, textMissing)))
	}
	return strings.Join(parts, "; ")
}

// counts returns a line such as "200: 12 exchanges, AWS 12, AZURE 0; 8 of 9 fields; 1 of 3
// enum values".
func (r ResponseCoverage) counts(s style) string {
	seen := []string{r.Status + ": " + phrase.Count(r.Exchanges, "exchange")}
	for _, b := range r.Branches {
		part := fmt.Sprintf("%s %d", b.Name, b.Exchanges)
		if b.Exchanges == 0 {
			part = s.level(LevelWarning, part)
		}
		seen = append(seen, part)
	}
	return strings.Join(nonEmpty([]string{strings.Join(seen, ", "), r.Fields.text("fields"), r.Values.text("enum values")}), "; ")
}

func (t Tally) text(noun string) string {
	if t.Total == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d %s", t.Seen, t.Total, noun)
}

// missing returns the fields and values that were never seen.
func (r ResponseCoverage) missing() []string {
	return append(append([]string{}, r.Fields.Missing...), r.Values.Missing...)
}
