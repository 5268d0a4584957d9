package contract

import (
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// Embedded gives the module's own contract.
func Embedded() (*Contract, error) {
	c := &Contract{lines: map[string]*lines{}}
	for _, version := range openapi.Versions() {
		doc, err := openapi.Load(version)
		if err != nil {
			return nil, err
		}
		source, err := openapi.Source(version)
		if err != nil {
			return nil, err
		}
		file := openapi.FileName(version)
		c.lines[file] = &lines{source: source}
		c.editions = append(c.editions, wholeEdition(doc, file, version))
	}
	c.route()
	return c, nil
}

// wholeEdition takes every operation of a document, each compiled when it is first
// needed.
func wholeEdition(doc *openapi3.T, file, version string) *edition {
	b := newBuilder(doc, file, version)
	var building sync.Mutex
	e := &edition{version: version, items: map[string]*item{}}
	for _, template := range doc.Paths.InMatchingOrder() {
		for method := range doc.Paths.Value(template).Operations() {
			compile := sync.OnceValue(func() *Operation {
				building.Lock()
				defer building.Unlock()
				return b.operation(template, method)
			})
			e.add(method, &declaration{
				template: template,
				compile:  func() (*Operation, error) { return compile(), nil },
				needed:   func() bool { return true },
			})
		}
	}
	return e
}

// EmbeddedDate is the day of the upstream specification that the module's own
// contract was cut from, YYYY-MM-DD.
func EmbeddedDate() string {
	record, err := openapi.Recipe("UPSTREAM")
	if err != nil {
		return "now"
	}
	for line := range strings.Lines(string(record)) {
		if date, ok := strings.CutPrefix(line, "date: "); ok {
			return strings.TrimSpace(date)
		}
	}
	return "now"
}
