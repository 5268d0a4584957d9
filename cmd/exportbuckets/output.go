package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/table"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// The values of --output.
const (
	formatTable = "table"
	formatJSON  = "json"
	formatYAML  = "yaml"
)

var outputFormats = []string{formatTable, formatJSON, formatYAML}

// listWriter writes a list while its buckets arrive.
type listWriter interface {
	// add adds a bucket.
	add(b *client.ExportBucket) error
	// flush writes out what was added so far.
	flush() error
	// end ends the list; total is the number of buckets in all, shown or not. Without the
	// call of end, a list is visibly incomplete: its JSON is not valid.
	end(total int) error
}

// newListWriter returns a writer for the listing's format.
func newListWriter(l *listing) listWriter {
	switch l.output {
	case formatJSON:
		return &jsonList{out: bufio.NewWriter(l.out)}
	case formatYAML:
		return &yamlList{out: bufio.NewWriter(l.out)}
	default:
		return newTableList(l)
	}
}

// writeBucket writes one bucket.
func writeBucket(format string, out io.Writer, b *client.ExportBucket) error {
	switch format {
	case formatJSON:
		data, err := bucketJSON(b, "")
		if err != nil {
			return err
		}
		_, err = out.Write(append(data, '\n'))
		return err
	case formatYAML:
		node, err := bucketYAML(b)
		if err != nil {
			return err
		}
		return writeYAML(out, node)
	default:
		return table.Card(out, bucketFields(b)...)
	}
}

// roleAndDetails returns the two cells of a row that differ between providers.
func roleAndDetails(b *client.ExportBucket) (role, details string) {
	switch t := b.Target.(type) {
	case client.AWS:
		if t.RequirePrivateNetworking {
			details = "private networking"
		}
		return t.IAMRoleID, details
	case client.Azure:
		return t.RoleID, t.ServiceURL
	case client.GCP:
		return t.RoleID, ""
	case client.Unknown:
		return "", "see --output json"
	}
	return "", ""
}

// bucketFields returns all fields of a bucket for display.
func bucketFields(b *client.ExportBucket) []table.Field {
	fields := []table.Field{{Name: "ID", Value: b.ID}, {Name: "Provider", Value: string(b.CloudProvider())}, {Name: "Bucket name", Value: b.BucketName()}}
	switch t := b.Target.(type) {
	case client.AWS:
		private := "not required"
		if t.RequirePrivateNetworking {
			private = "required"
		}
		fields = append(fields, table.Field{Name: "Role ID", Value: t.IAMRoleID}, table.Field{Name: "Region", Value: t.Region},
			table.Field{Name: "Private networking", Value: private})
	case client.Azure:
		fields = append(fields, table.Field{Name: "Role ID", Value: t.RoleID}, table.Field{Name: "Service URL", Value: t.ServiceURL},
			table.Field{Name: "Tenant ID", Value: t.TenantID})
	case client.GCP:
		fields = append(fields, table.Field{Name: "Role ID", Value: t.RoleID})
	case client.Unknown:
		fields = append(fields, table.Field{Name: "As sent", Value: b.Raw})
	}
	return append(fields, table.Field{Name: "Project ID", Value: b.ProjectID})
}

// jsonList writes {"results": [...], "totalCount": N}, Atlas's own shape.
type jsonList struct {
	out   *bufio.Writer
	count int
}

func (l *jsonList) add(b *client.ExportBucket) error {
	data, err := bucketJSON(b, "    ")
	if err != nil {
		return err
	}
	begin := ",\n    "
	if l.count == 0 {
		begin = "{\n  \"results\": [\n    "
	}
	l.count++
	_, _ = l.out.WriteString(begin) // the next write returns this error
	_, err = l.out.Write(data)
	return err
}

func (l *jsonList) flush() error { return l.out.Flush() }

func (l *jsonList) end(total int) error {
	end := "\n  ]"
	if l.count == 0 {
		end = "{\n  \"results\": []"
	}
	fmt.Fprintf(l.out, "%s,\n  \"totalCount\": %d\n}\n", end, total)
	return l.out.Flush()
}

// deepestIndent is the greatest depth of JSON of an unknown provider that is indented,
// because the amount of white space grows with the square of the depth.
const deepestIndent = 50

// bucketJSON returns a bucket in the form of the API, with prefix before each line except
// the first.
func bucketJSON(b *client.ExportBucket, prefix string) ([]byte, error) {
	data, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	if bytes.Count(data, []byte("[")) <= deepestIndent && bytes.Count(data, []byte("{")) <= deepestIndent {
		var indented bytes.Buffer
		if err := json.Indent(&indented, data, prefix, "  "); err != nil {
			return nil, err
		}
		data = indented.Bytes()
	}
	return []byte(escapeUnprintable(string(data), termtext.JSONEscape)), nil
}

// escapeUnprintable replaces the characters of a text that a terminal would interpret.
// Bytes that are not UTF-8 become the replacement character.
func escapeUnprintable(s string, escape func(rune) string) string {
	var b strings.Builder
	for _, r := range s {
		if termtext.Unprintable(r) {
			b.WriteString(escape(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// stickyWriter remembers the first error of a writer, for printing that ignores
// errors.
type stickyWriter struct {
	out io.Writer
	err error
}

func (w *stickyWriter) Write(data []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.out.Write(data)
	w.err = err
	return n, err
}
