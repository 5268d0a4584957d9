package report

import (
	"io"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// writeText writes the report for people: it begins with the place of each finding, so that
// editors can jump to it, and ends with the summary, because a terminal shows the end of
// the output.
func writeText(w io.Writer, r *Report, o Options) error {
	t := &textWriter{lines: newLines(o), r: r}
	t.head()
	for _, item := range r.Items {
		t.item(item)
	}
	t.notes()
	t.acceptances()
	t.unreadable()
	t.coverage()
	t.summary()
	_, err := io.WriteString(w, t.out.String())
	return err
}

// textWriter writes the parts of a report in turn.
type textWriter struct {
	*lines
	r *Report
}

func (t *textWriter) head() {
	if t.r.Title != "" {
		t.line(t.style.bold(t.r.Title))
	}
	for _, s := range t.r.Subject {
		t.field(s.Name, s.Value)
	}
	if t.r.Title != "" || len(t.r.Subject) > 0 {
		t.line("")
	}
}

// item writes the line that editors parse, then the details for a person.
func (t *textWriter) item(i Item) {
	t.itemHead(i)
	t.where(i)
	t.values(i)
	if i.Related != nil {
		t.field(t.r.Kind.words().related, i.Related.String())
	}
	t.field("affects", strings.Join(i.Affects, ", "))
	for _, l := range i.Labels {
		t.field(l.Name, l.Value)
	}
	t.field("hint", i.Hint)
	t.field("next", i.Next)
	t.raw("curl", i.Curl)
	t.places(i)
	t.field("id", i.ID)
	t.line("")
}

// itemHead writes the place, level, rule and message, such as "a.har:210: error
// [schema/pattern] message".
func (t *textWriter) itemHead(i Item) {
	head := t.style.level(i.Level, i.mark())
	if p := i.Location.position(); p != "" {
		head = t.style.bold(p+":") + " " + head
	}
	if rule := i.rule(); rule != "" {
		head += t.style.dim(" [" + rule + "]")
	}
	t.wrap("", "    ", head+" "+i.Message)
}

// where writes the operation, the entry and the part of the body.
func (t *textWriter) where(i Item) {
	parts := []string{
		strings.Join(i.Operations, ", "), strings.Join(i.Versions, ", "), i.Location.entry(), i.Location.Pointer,
	}
	t.field("in", strings.Join(nonEmpty(parts), " · "))
}

func (t *textWriter) values(i Item) {
	words := t.r.Kind.words()
	expected, actual := i.values(t.r.Kind)
	if room := t.room(); room > 0 {
		expected, actual = truncate(expected, room), truncate(actual, room)
	}
	t.raw(words.expected, expected)
	t.raw(words.actual, actual)
}

// places writes the number of occurrences of the item, and the other places.
func (t *textWriter) places(i Item) {
	places, more := i.otherPlaces()
	if i.Count <= 1 && len(places) == 0 {
		return
	}
	var names []string
	for _, p := range places {
		names = append(names, placeName(p))
	}
	text := phrase.Count(max(i.Count, len(places)+1), "time")
	if len(names) > 0 {
		text += ", also at " + phrase.List(names, len(names)+more)
	}
	t.field("seen", text)
}

// placeName returns a place such as "a.har:210 (entry 4)".
func placeName(l Location) string {
	l.Pointer = ""
	return l.String()
}

func (t *textWriter) notes() {
	for _, n := range t.r.Notes {
		n.Verdict, n.Level = "note", LevelNote
		t.item(n)
	}
}

func (t *textWriter) acceptances() {
	for _, a := range t.r.Accepted {
		t.acceptance(LevelNone, "accepted", a.Acceptance, a.Item.Message)
	}
	for _, a := range t.r.UnusedAcceptances {
		t.acceptance(LevelWarning, a.state(), a, "")
	}
	if len(t.r.Accepted)+len(t.r.UnusedAcceptances) > 0 {
		t.line("")
	}
}

func (t *textWriter) acceptance(l Level, state string, a Acceptance, message string) {
	parts := []string{t.style.level(l, state), a.ID, message, bracketed(a.why())}
	t.wrap("", "    ", strings.Join(nonEmpty(parts), " "))
}

func (t *textWriter) unreadable() {
	for _, u := range t.r.Unreadable {
		head := t.style.bold(u.Location.position()+":") + " " + t.style.level(LevelError, "unreadable")
		t.wrap("", "    ", strings.Join(nonEmpty([]string{head, bracketed(u.Location.entry()), u.Reason}), " "))
	}
	if len(t.r.Unreadable) > 0 {
		t.line("")
	}
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// summary writes the last line of the report; only the next command follows it.
func (t *textWriter) summary() {
	t.wrap("", "    ", t.style.level(t.r.level(), t.r.verdict()+":")+" "+t.r.summary())
	if t.r.First != "" {
		t.wrap("", "    ", t.style.dim("first:")+" "+t.r.First)
	}
	if t.r.Next != "" {
		t.line(t.style.dim("next:") + " " + t.r.Next)
	}
}
