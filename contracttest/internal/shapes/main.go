// Command shapes writes exchanges with the shape of recorded ones and made-up values.
//
//	go run ./contracttest/internal/shapes RECORDINGS FOLDER
//
// The shape of an exchange is its method, status, header names, media type, the month, and
// the structure of its body: names and order of fields, and JSON types. One file is written
// for each distinct shape. Each id, name, time, count and software version is made up. A
// header or a field for which this program has no value is an error. At the end, the
// program searches the output for each recorded value; finding one is an error, because
// only the shape of a recording may be written.
package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: shapes RECORDINGS FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "shapes:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	files, recorded, err := collect(from)
	if err != nil {
		return err
	}
	for name, text := range files {
		if value := recorded.in(text); value != "" {
			return fmt.Errorf("%s would contain a recorded value of %d bytes", name, len(value))
		}
		if err := os.WriteFile(filepath.Join(to, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%d shapes\n", len(files))
	return nil
}

// collect reads all recordings, and returns a text for each shape by file name.
func collect(from string) (map[string]string, recordedValues, error) {
	files, shapes, recorded := map[string]string{}, map[string]bool{}, recordedValues{}
	r := recording.NewReader(recording.Paths(from), recording.Options{Workers: 1})
	for x, err := range r.Exchanges(context.Background()) {
		if err != nil {
			return nil, nil, err
		}
		operation := operationOf(x)
		if operation == "" {
			continue
		}
		recorded.add(x)
		m := &maker{number: len(files) + 1, operation: operation}
		text, shape, err := m.exchange(x)
		if err != nil {
			return nil, nil, fmt.Errorf("%s entry %d: %w", x.Source.File, x.Source.Entry, err)
		}
		if !shapes[shape] {
			shapes[shape] = true
			files[fmt.Sprintf("%s-%s-%02d.http", month(x), operation, len(files)+1)] = text
		}
	}
	return files, recorded, nil
}

// operationOf returns the name of an export bucket operation, "" for another one.
func operationOf(x *recording.Exchange) string {
	_, rest, found := strings.Cut(x.Request.URL.Path, "/backup/exportBuckets")
	switch {
	case !found:
		return ""
	case x.Request.Method == http.MethodGet && rest == "":
		return "list"
	case x.Request.Method == http.MethodGet:
		return "get"
	}
	return map[string]string{http.MethodPost: "create", http.MethodPatch: "update", http.MethodDelete: "delete"}[x.Request.Method]
}

func month(x *recording.Exchange) string { return x.Started.UTC().Format("2006-01") }

// maker makes up the values of one exchange.
type maker struct {
	number    int
	operation string
	ids       int // number of made-up ids
}

// exchange returns the exchange in HTTP text with made-up values, and its shape.
func (m *maker) exchange(x *recording.Exchange) (text, shape string, err error) {
	body, structure, err := m.body(x.Response.Body.Bytes)
	if err != nil {
		return "", "", err
	}
	var head strings.Builder
	names := slices.Sorted(maps.Keys(x.Response.Header))
	for _, name := range names {
		value, err := m.header(name, x, len(body))
		if err != nil {
			return "", "", err
		}
		fmt.Fprintf(&head, "%s: %s\n", name, value)
	}
	path := "/api/atlas/v2/groups/" + projectID + "/backup/exportBuckets"
	switch m.operation {
	case "list":
		path += "?includeCount=true&itemsPerPage=2&pageNum=1"
	case "get", "update", "delete":
		path += "/" + m.id(bucketID)
	}
	accept := x.Request.Header.Get("Accept")
	shape = strings.Join([]string{m.operation, strconv.Itoa(x.Response.Status), strings.Join(names, " "), accept, mediaType(x), month(x), structure}, "\n")
	text = fmt.Sprintf("%s %s HTTP/1.1\nHost: cloud.mongodb.com\nAccept: %s\n\nHTTP/2.0 %d %s\n%s\n%s",
		x.Request.Method, path, accept, x.Response.Status, http.StatusText(x.Response.Status), head.String(), body)
	return text, shape, nil
}

func mediaType(x *recording.Exchange) string { return x.Response.Header.Get("Content-Type") }

// fixed are headers whose value is determined by the protocol or the server's
// configuration, as in testdata/seen.
var fixed = map[string]string{
	"Connection": "close", "Referrer-Policy": "strict-origin-when-cross-origin", "Server": "mdbws",
	"Strict-Transport-Security": "max-age=31536000; includeSubdomains;", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
	"X-Permitted-Cross-Domain-Policies": "none", "Ratelimit-Limit": "1200",
}

func (m *maker) header(name string, x *recording.Exchange, length int) (string, error) {
	switch name {
	case "Content-Type":
		return mediaType(x), nil
	case "Content-Length":
		return strconv.Itoa(length), nil
	case "Date":
		return x.Started.UTC().AddDate(0, 0, 13-x.Started.UTC().Day()).Format("Mon, 02 Jan 2006 ") + fmt.Sprintf("21:%02d:%02d GMT", 7+m.number%50, 11+m.number%47), nil
	case "Ratelimit-Remaining":
		return strconv.Itoa(1100 - m.number), nil
	case "X-Envoy-Upstream-Service-Time":
		return strconv.Itoa(1000 + m.number), nil
	case "X-Java-Method":
		return "ExampleResource::" + m.operation, nil
	case "X-Java-Version":
		return "21.0.1+1", nil
	case "X-Mongodb-Service-Version":
		return fmt.Sprintf("gitHash=%040x; versionString=example", 0xabc000+m.number), nil
	}
	value, known := fixed[name]
	if !known {
		return "", fmt.Errorf("no made-up value for the header %s", name)
	}
	return value, nil
}

const (
	projectID = "51ab0c0ffee0000000000001"
	bucketID  = "51ab0c0ffee00000000b"
	roleID    = "51ab0c0ffee00000000c"
)

// id makes up an id of a kind. The same kind and number always result in the same id.
func (m *maker) id(kind string) string { return fmt.Sprintf("%s%04x", kind, m.number*16+m.ids) }

// recordedValues are texts that must not be written.
type recordedValues map[string]bool

// minRecorded is the length of the shortest recorded text that could identify something.
const minRecorded = 4

func (r recordedValues) add(x *recording.Exchange) {
	for name, values := range x.Response.Header {
		for _, value := range values {
			if fixed[name] != value && name != "Content-Type" && len(value) >= minRecorded {
				r[value] = true
			}
		}
	}
	for segment := range strings.SplitSeq(x.Request.URL.Path, "/") {
		if len(segment) == len(projectID) {
			r[segment] = true
		}
	}
	eachText(x.Response.Body.Bytes, func(field, text string) {
		if field != "cloudProvider" && field != "rel" && len(text) >= minRecorded {
			r[text] = true
		}
	})
}

// in returns a recorded value that occurs in a text, "" if there is none.
func (r recordedValues) in(text string) string {
	for _, value := range slices.SortedFunc(maps.Keys(r), func(a, b string) int { return cmp.Compare(len(b), len(a)) }) {
		if strings.Contains(text, value) {
			return value
		}
	}
	return ""
}
