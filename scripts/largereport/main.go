// Command largereport writes the HTML report of a comparison with thousands of changes,
// like that of drift for all of Atlas, to measure the page:
//
//	largereport [-changes N] > page.html
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

func main() {
	changes := flag.Int("changes", 3771, "number of changes")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := report.Write(out, report.HTML, largeReport(*changes), report.Options{})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "largereport:", err)
		os.Exit(1)
	}
}

func largeReport(changes int) *report.Report {
	r := &report.Report{
		Kind: report.Changes, Title: "Upstream against the contract",
		Verdict: report.Verdict{Name: "breaking", Level: report.LevelError},
	}
	for n := range changes {
		r.Items = append(r.Items, change(n))
	}
	return r
}

var verdicts = []struct {
	name  string
	level report.Level
	rule  string
}{
	{"breaking", report.LevelError, "response-property-removed"},
	{"tolerate", report.LevelWarning, "response-enum-value-added"},
	{"additive", report.LevelNote, "response-property-added"},
	{"docs", report.LevelNone, "description-changed"},
}

// change returns change n; its verdict, rule, operations and lengths depend on n.
func change(n int) report.Item {
	v := verdicts[n%len(verdicts)]
	pointer := fmt.Sprintf("/components/schemas/Schema%d/properties/field%d", n%400, n)
	i := report.Item{
		ID: fmt.Sprintf("%08x", n), Rule: v.rule, Level: v.level, Verdict: v.name,
		Message:  fmt.Sprintf("Schema%d.field%d in the response: the property changed", n%400, n),
		Expected: `{"type": "string"}`, Actual: `{"type": "string", "maxLength": 64}`,
		Next:     "make openapi, then read the difference",
		Location: report.Location{File: "atlas-v2.yaml", Line: n + 1, Pointer: pointer},
		Related:  &report.Location{File: "baseline.yaml", Line: n + 1, Pointer: pointer},
		Versions: []string{"2024-05-30"}, Labels: []report.Label{{Name: "direction", Value: "response"}},
	}
	for op := range n%20 + 1 {
		i.Operations = append(i.Operations, fmt.Sprintf("operation%d", (n+op)%514))
	}
	if n%10 == 0 {
		i.Actual = strings.Repeat(i.Actual+" ", 6)
	}
	return i
}
