package main

import (
	"strings"
	"testing"
)

// report is the output of verify, shortened. The values in capitals must not be repeated.
const report = `{"summary":{"checked":3},"coverage":{"oldest":"2026-01-02T00:00:00Z","newest":"2026-02-03T00:00:00Z"},"findings":[
{"rule":"schema","keyword":"enum","operation":"a","status":200,"pointer":"/list/3/kind","spec":{"pointer":"/x"},"expected":"one of x, y","actual":"zed","count":2,"oldest":"2026-02-02T00:00:00Z"},
{"rule":"schema","keyword":"enum","operation":"b","status":200,"pointer":"/list/7/kind","spec":{"pointer":"/x"},"expected":"one of x, y","actual":"zed","count":1,"oldest":"2026-01-02T00:00:00Z"},
{"rule":"schema","keyword":"enum","operation":"a","status":200,"pointer":"/host","spec":{"pointer":"/h"},"expected":"one of x","actual":"RECORDED.example.com","count":1},
{"rule":"schema","keyword":"pattern","operation":"a","status":200,"pointer":"/name","spec":{"pointer":"/y"},"expected":"^(a|b)$","actual":"RECORDED","count":1},
{"rule":"schema","keyword":"type","operation":"a","status":200,"pointer":"/n","spec":{"pointer":"/n"},"expected":"object","actual":"\"RECORDED\"","count":1},
{"rule":"schema","keyword":"type","operation":"a","status":200,"pointer":"/o","spec":{"pointer":"/o"},"expected":"string","actual":"null","count":1},
{"rule":"undeclared-field","operation":"a","status":200,"pointer":"/new","spec":{"pointer":"/p"},"expected":"one of n","actual":"new: RECORDED","count":1},
{"rule":"undeclared-status","operation":"a","status":202,"pointer":"","spec":{"pointer":"/r"},"expected":"one of 200","actual":"202 Accepted","count":1},
{"rule":"secret","operation":"a","status":200,"pointer":"","spec":{},"expected":"no credential","actual":"[redacted]","count":1}]}`

func TestPage(t *testing.T) {
	var page strings.Builder
	if err := run(&page, strings.NewReader(report), "atlas.yaml"); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(page.String()) {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| difference") {
			rows = append(rows, strings.TrimSpace(line))
		}
	}
	want := []string{
		"| enum value | a | `/host` | one of x | another value | 1 | unknown |",
		"| enum value | a, b | `/list/*/kind` | one of x, y | zed | 3 | 2026-01-02 |",
		"| null | a | `/o` | string | null | 1 | unknown |",
		"| pattern | a | `/name` | ^(a\\|b)$ | another value | 1 | unknown |",
		"| type | a | `/n` | object | string | 1 | unknown |",
		"| undeclared field | a | `/new` | not declared | sent | 1 | unknown |",
		"| undeclared status | a | `/` | one of 200 | 202 | 1 | unknown |",
	}
	if got := strings.Join(rows, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if strings.Contains(page.String(), "RECORDED") {
		t.Error("the page repeats recorded values")
	}
	if err := run(&page, strings.NewReader("no report"), "x"); err == nil {
		t.Error("a text that is not a report is accepted")
	}
}
