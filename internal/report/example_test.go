package report_test

import (
	"fmt"
	"os"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

func ExampleWrite() {
	entry := 4
	r := &report.Report{
		Verdict: report.Verdict{Name: "fail", Level: report.LevelError, Text: "1 error in 67 exchanges"},
		Items: []report.Item{{
			Rule: "schema", Keyword: "pattern", Level: report.LevelError, Message: "_id is not a 24-digit hexadecimal id",
			Expected: "^([a-f0-9]{24})$", Actual: `{"_id":"BAD"}`,
			Location:   report.Location{File: "a.har", Entry: &entry, Line: 210, Pointer: "/_id"},
			Related:    &report.Location{File: "v2-2024-05-30.yaml", Line: 88},
			Operations: []string{"getExportBucket"}, Versions: []string{"2024-05-30"},
		}},
	}
	if err := report.Write(os.Stdout, report.Text, r, report.Options{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// a.har:210: error [schema/pattern] _id is not a 24-digit hexadecimal id
	//   in         getExportBucket · 2024-05-30 · entry 4 · /_id
	//   expected   ^([a-f0-9]{24})$
	//   actual     {"_id":"BAD"}
	//   contract   v2-2024-05-30.yaml:88
	//
	// fail: 1 error in 67 exchanges
}

func ExampleForTerminal() {
	getenv := func(string) string { return "" }
	fmt.Printf("%+v\n", report.ForTerminal(nil, getenv)) // not a terminal: no color and no wrapping
	// Output: {Color:false Width:0 MaxBytes:0}
}
