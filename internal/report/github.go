package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// writeGitHub writes the report as workflow commands, which GitHub shows next to the lines
// that they name. GitHub shows ten errors and ten warnings per step, so the most severe
// ones come first; the summary comes last as a notice.
func writeGitHub(w io.Writer, r *Report, _ Options) error {
	g := &githubWriter{r: r}
	for _, u := range r.Unreadable {
		g.command(LevelError, u.Location, "unreadable", u.Reason)
	}
	for _, i := range mostSevereFirst(r.Items) {
		g.item(i)
	}
	for _, n := range r.Notes {
		g.command(LevelNote, n.Location, n.rule(), n.Message, n.Next)
	}
	for _, a := range r.UnusedAcceptances {
		g.command(LevelWarning, Location{}, a.state(), strings.Join(nonEmpty([]string{a.ID, bracketed(a.why())}), " "))
	}
	if r.Coverage.Short() {
		g.command(LevelError, Location{}, "coverage", r.Coverage.headline())
	}
	next := r.Next
	if next != "" {
		next = "next: " + next
	}
	g.command(LevelNote, Location{}, r.Title, r.verdict()+": "+r.summary(), r.First, next)
	_, err := io.WriteString(w, g.out.String())
	return err
}

type githubWriter struct {
	out strings.Builder
	r   *Report
}

func (g *githubWriter) item(i Item) {
	words := g.r.Kind.words()
	expected, actual := i.values(g.r.Kind)
	lines := []string{i.Message, strings.Join(nonEmpty([]string{strings.Join(i.Operations, ", "), i.Location.entry(), i.Location.Pointer}), " · ")}
	for _, l := range []Label{{words.expected, expected}, {words.actual, actual}, {"affects", strings.Join(i.Affects, ", ")}, {"hint", i.Hint}, {"next", i.Next}} {
		if l.Value != "" {
			lines = append(lines, l.Name+": "+l.Value)
		}
	}
	if i.Related != nil {
		lines = append(lines, words.related+": "+i.Related.String())
	}
	title := i.rule()
	if i.Verdict != "" {
		title = i.Verdict + ": " + title
	}
	if i.Count > 1 {
		title += " (" + phrase.Count(i.Count, "time") + ")"
	}
	level := i.Level
	if i.fails() {
		level = LevelError
	}
	g.command(level, i.Location, title, lines...)
}

// command writes one workflow command. GitHub shows a command without a file on the page of
// the run.
func (g *githubWriter) command(l Level, at Location, title string, lines ...string) {
	name := [...]string{"error", "warning", "notice", "notice"}[l.rank()]
	var properties []string
	if at.File != "" {
		properties = append(properties, "file="+commandProperty(at.File))
		if at.Line > 0 {
			properties = append(properties, "line="+strconv.Itoa(at.Line))
		}
	}
	if title != "" {
		properties = append(properties, "title="+commandProperty(title))
	}
	head := "::" + name
	if len(properties) > 0 {
		head += " " + strings.Join(properties, ",")
	}
	g.out.WriteString(head + "::" + commandData(strings.Join(nonEmpty(lines), "\n")) + "\n")
}

// The runner decodes only these escapes, in messages and in properties.
var (
	commandEscapes  = []string{"%", "%25", "\r", "%0D", "\n", "%0A"}
	dataEscaper     = strings.NewReplacer(commandEscapes...)
	propertyEscaper = strings.NewReplacer(append(commandEscapes, ":", "%3A", ",", "%2C")...)
)

func commandData(s string) string     { return dataEscaper.Replace(s) }
func commandProperty(s string) string { return propertyEscaper.Replace(s) }
