// Command upstreamfaults writes docs/upstream-faults.md from a report of verify:
//
//	exportbuckets verify --format json --spec ATLAS.yaml RECORDINGS > report.json
//	upstreamfaults ATLAS.yaml < report.json > docs/upstream-faults.md
//
// The page lists where the specification differs from recorded responses of Atlas. It has
// no recorded values except types, statuses and enum values.
package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: upstreamfaults ATLAS.yaml < report.json")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Stdin, filepath.Base(os.Args[1])); err != nil {
		fmt.Fprintln(os.Stderr, "upstreamfaults:", err)
		os.Exit(2)
	}
}

func run(w io.Writer, report io.Reader, spec string) error {
	var r contracttest.Report
	if err := json.NewDecoder(report).Decode(&r); err != nil {
		return fmt.Errorf("the report of verify: %w", err)
	}
	rows := differences(r.Findings)
	fmt.Fprintf(w, `# Differences between the Atlas specification and recorded responses

Where the specification of the MongoDB Atlas Administration API (%s) differs from
recorded responses of Atlas: %d exchanges, recorded %s. Equal
differences of several operations are one row. The page contains no recorded values except types,
statuses and enum values. It covers other resources than export buckets; the differences for export
buckets are corrected in openapi/corrections.overlay.yaml.

To reproduce a row with your own recordings, and to write an overlay for the differences that you
accept:

    exportbuckets verify --spec ATLAS.yaml --write-corrections accepted.yaml RECORDINGS

scripts/upstream-faults.sh writes this page. A row does not mean that the specification is wrong: Atlas may
intend a status or a pattern as declared.

| difference | operations | field | specification | recorded | times | since |
|---|---|---|---|---|---|---|
`, spec, r.Summary.Checked, period(day(r.Coverage.Oldest), day(r.Coverage.Newest)))
	for _, f := range rows {
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %d | %s |\n", f.kind, strings.Join(f.operations, ", "), code(f.field), cell(f.declared), cell(f.recorded), f.count, f.since)
	}
	return nil
}

// period describes the days of the recordings.
func period(oldest, newest string) string {
	if oldest == newest {
		return "on " + oldest
	}
	return "from " + oldest + " to " + newest
}

// difference is one row of the table: the findings that one declaration causes.
type difference struct {
	kind, field, declared, recorded, since string
	operations                             []string
	count                                  int
}

func differences(findings []contracttest.Finding) []*difference {
	var rows []*difference
	byKey := map[string]*difference{}
	for _, f := range findings {
		kind := kindOf(f)
		if kind == "" {
			continue
		}
		row := &difference{kind: kind, field: fieldOf(f), declared: declared(f), recorded: recorded(f), since: since(f)}
		key := strings.Join([]string{kind, row.field, row.declared, row.recorded}, "\x00")
		if byKey[key] == nil {
			byKey[key] = row
			rows = append(rows, row)
		}
		row = byKey[key]
		row.count += f.Count
		row.since = min(row.since, since(f))
		if !slices.Contains(row.operations, f.Operation) {
			row.operations = append(row.operations, f.Operation)
		}
	}
	slices.SortStableFunc(rows, func(a, b *difference) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.operations[0], b.operations[0]), cmp.Compare(a.field, b.field))
	})
	return rows
}

// kinds contains the names of the differences by keyword.
var kinds = map[string]string{
	"nullable": "null", "type": "type", "enum": "enum value", "pattern": "pattern", "format": "format", "required": "required",
	"oneOf": "several branches", "discriminator": "discriminator value", "writeOnly": "write-only field sent", "readOnly": "read-only field taken",
	"minimum": "bound", "maximum": "bound", "minLength": "bound", "maxLength": "bound", "minItems": "bound", "maxItems": "bound",
}

// kindOf returns "" for findings that do not concern the specification.
func kindOf(f contracttest.Finding) string {
	switch f.Rule {
	case contracttest.UndeclaredStatus:
		return "undeclared status"
	case contracttest.UndeclaredField:
		return "undeclared field"
	case contracttest.WrongMediaType:
		return "media type"
	case contracttest.BadHeader:
		return "header"
	case contracttest.BadSchema:
		if f.Keyword == "type" && f.Actual == "null" {
			return "null"
		}
		return kinds[f.Keyword]
	default:
		return ""
	}
}

var position = regexp.MustCompile(`/\d+(/|$)`)

// fieldOf writes the place in the body, with * for positions.
func fieldOf(f contracttest.Finding) string {
	place := f.Pointer
	for position.MatchString(place) {
		place = position.ReplaceAllString(place, "/*$1")
	}
	return cmp.Or(place, f.Name, "/")
}

// maxDeclared is the largest part of a declaration that is repeated, in bytes.
const maxDeclared = 60

func declared(f contracttest.Finding) string {
	text := f.Expected
	if f.Rule == contracttest.UndeclaredField {
		return "not declared"
	}
	if len(text) > maxDeclared {
		text = text[:maxDeclared] + "…"
	}
	return text
}

// enumName matches a recorded value that can only be an enum value.
var enumName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{1,80}$`)

// recorded describes the recorded value without repeating it.
func recorded(f contracttest.Finding) string {
	switch {
	case f.Rule == contracttest.UndeclaredStatus:
		return strconv.Itoa(f.Status)
	case f.Rule == contracttest.UndeclaredField:
		return "sent"
	case f.Keyword == "required":
		return "missing"
	case f.Keyword == "nullable", f.Actual == "null":
		return "null"
	case (f.Keyword == "enum" || f.Keyword == "discriminator") && enumName.MatchString(f.Actual):
		return f.Actual
	case f.Keyword == "type":
		return jsonType(f.Actual)
	}
	return "another value"
}

func jsonType(text string) string {
	switch {
	case text == "" || text[0] == '"':
		return "string"
	case text[0] == '{':
		return "object"
	case text[0] == '[':
		return "array"
	case text == "true" || text == "false":
		return "boolean"
	}
	return "number"
}

// since returns the date of the first exchange that shows the difference.
func since(f contracttest.Finding) string { return day(f.Oldest) }

func day(stamp string) string {
	if len(stamp) < len("2006-01-02") {
		return "unknown"
	}
	return stamp[:len("2006-01-02")]
}

func code(text string) string { return "`" + strings.ReplaceAll(text, "|", "\\|") + "`" }

func cell(text string) string {
	return strings.NewReplacer("|", "\\|", "\n", " ", "*", "\\*", "<", "&lt;").Replace(text)
}
