package report

import (
	"io"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// noTime is written for every duration. The duration of a check has no meaning, and a
// report must be the same on every run.
const noTime = "0.000"

// writeJUnit writes the report as JUnit XML: a suite for each operation, a failed case for
// each item that makes the command fail, a passed case for each other item, and an error
// for each input that could not be read. Nothing is written as skipped, because older
// schemas have no skipped count. Accepted changes, warnings and notes are passed cases with
// their text.
func writeJUnit(w io.Writer, r *Report, _ Options) error {
	j := &junitWriter{r: r, index: map[string]int{}}
	if r.Coverage != nil {
		for _, op := range r.Coverage.Operations {
			j.covered(op)
		}
	}
	for _, i := range r.Items {
		j.item(i)
	}
	for _, a := range r.Accepted {
		j.add(suiteOf(a.Item), junit.Testcase{Name: caseName(a.Item), SystemOut: output("accepted: " + a.Acceptance.why())})
	}
	for _, u := range r.Unreadable {
		j.add("unreadable", junit.Testcase{Name: placeName(u.Location), Error: &junit.Result{Message: u.Reason, Type: "unreadable"}})
	}
	for _, n := range r.Notes {
		n.Verdict, n.Level = "note", LevelNote
		j.add("notes", junit.Testcase{Name: caseName(n), SystemOut: output(j.text(n))})
	}
	j.minimum()
	return writeSuites(w, j.suites())
}

func writeSuites(w io.Writer, suites junit.Testsuites) error {
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return err
	}
	return suites.WriteXML(w)
}

// junitWriter collects suites in the order of their first case.
type junitWriter struct {
	r     *Report
	all   []junit.Testsuite
	index map[string]int
}

// add adds a case to its suite. The class name is the suite, because most viewers group cases
// by class.
func (j *junitWriter) add(suite string, c junit.Testcase) {
	at, known := j.index[suite]
	if !known {
		at = len(j.all)
		j.index[suite] = at
		j.all = append(j.all, junit.Testsuite{Name: suite, ID: at, Time: noTime})
	}
	c.Classname, c.Time = suite, noTime
	j.all[at].AddTestcase(c)
}

// covered adds the case that passes if an operation was seen and conforms to the contract.
func (j *junitWriter) covered(op OperationCoverage) {
	if op.Exchanges() == 0 {
		return
	}
	for _, i := range j.r.Items {
		if i.fails() && suiteOf(i) == op.Operation && i.ofVersion(op.Version) {
			return
		}
	}
	j.add(op.Operation, junit.Testcase{Name: strings.TrimSpace("conforms to the contract " + op.Version), SystemOut: output(phrase.Count(op.Exchanges(), "exchange"))})
}

func (j *junitWriter) item(i Item) {
	c := junit.Testcase{Name: caseName(i)}
	if text := j.text(i); i.fails() {
		c.Failure = &junit.Result{Message: i.Message, Type: i.rule(), Data: text}
	} else {
		c.SystemOut = output(text)
	}
	j.add(suiteOf(i), c)
}

// minimum adds a case for the minimum coverage, if one is set.
func (j *junitWriter) minimum() {
	c := j.r.Coverage
	if c == nil || c.Minimum <= 0 {
		return
	}
	test := junit.Testcase{Name: "at least " + percent(c.Minimum)}
	if c.Short() {
		test.Failure = &junit.Result{Message: c.headline(), Type: "coverage"}
	} else {
		test.SystemOut = output(c.headline())
	}
	j.add("coverage", test)
}

// suites returns the whole document. An empty report has one case, because CI systems report
// a file without a case as a broken run.
func (j *junitWriter) suites() junit.Testsuites {
	if len(j.all) == 0 {
		j.add(j.r.Kind.words().items, junit.Testcase{Name: j.r.verdict(), SystemOut: output(j.r.summary())})
	}
	out := junit.Testsuites{Name: j.r.Title, Time: noTime}
	for _, suite := range j.all {
		for _, s := range j.r.Subject {
			suite.AddProperty(s.Name, s.Value)
		}
		out.AddSuite(suite)
	}
	return out
}

// text returns the item as the text format writes it.
func (j *junitWriter) text(i Item) string {
	t := &textWriter{lines: newLines(Options{}), r: j.r}
	t.item(i)
	return strings.TrimRight(t.out.String(), "\n")
}

// suiteOf returns the first operation that an item affects.
func suiteOf(i Item) string {
	if len(i.Operations) == 0 {
		return "contract"
	}
	return i.Operations[0]
}

// caseName returns the same name for the same finding on every run, so the name contains no
// line numbers.
func caseName(i Item) string {
	return strings.Join(nonEmpty([]string{i.rule(), i.Message, i.Location.Pointer}), " · ")
}

func output(text string) *junit.Output { return &junit.Output{Data: text} }
