package contract

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// Foreign makes a contract of a specification of the user's: any Atlas document,
// whole or cut, of one version or of all. Each operation is cut, lifted and
// corrected as the module's own contract is, when the first exchange needs it.
func Foreign(name string, source []byte) (*Contract, error) {
	doc, err := trim.ParseBytes(name, source)
	if err != nil {
		return nil, err
	}
	f := &foreign{doc: doc, name: name, documents: map[string]*cutDocument{}, made: map[string]*Operation{}}
	c := &Contract{lines: map[string]*lines{name: {source: source}}}
	operations := doc.Operations()
	if len(operations) == 0 {
		return nil, fmt.Errorf("%s: it declares no operation", name)
	}
	for _, version := range editionsOf(operations) {
		c.editions = append(c.editions, f.edition(operations, version))
	}
	c.route()
	return c, nil
}

// editionsOf gives the versions that the operations can be told in. A document in
// which no operation has two is of one version, the newest: its older dates are what
// that version snaps down to.
func editionsOf(operations []trim.Operation) []string {
	var versions []string
	several := false
	for _, op := range operations {
		versions = append(versions, op.Versions...)
		several = several || len(op.Versions) > 1
	}
	slices.Sort(versions)
	versions = slices.Compact(versions)
	if len(versions) == 0 {
		return []string{trim.Unversioned}
	}
	if several {
		return versions
	}
	newest := slices.IndexFunc(versions, func(v string) bool { return !isDate(v) })
	if newest <= 0 {
		newest = len(versions)
	}
	return versions[newest-1 : newest]
}

type foreign struct {
	doc  *trim.Document
	name string

	mu        sync.Mutex
	documents map[string]*cutDocument // by version and resource
	made      map[string]*Operation   // by version, method and template
}

// cutDocument is what was cut for a resource, or why it could not be.
type cutDocument struct {
	builder *builder
	err     error
}

func (f *foreign) edition(operations []trim.Operation, version string) *edition {
	e := &edition{version: version, items: map[string]*item{}}
	for _, op := range operations {
		if !exists(op, version) {
			continue
		}
		i := e.items[shape(op.Path)]
		if i == nil {
			i = &item{template: op.Path}
			i.operation = func(method string) (*Operation, error) {
				if !slices.Contains(i.methods, method) {
					return nil, nil
				}
				return f.operation(i.template, method, version)
			}
			i.needed = func(method string) bool { return f.needed(i.template, method, version) }
			e.items[shape(op.Path)] = i
		}
		i.methods = append(i.methods, op.Method)
		slices.Sort(i.methods)
	}
	return e
}

func (f *foreign) operation(template, method, version string) (*Operation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := version + " " + method + " " + template
	if op := f.made[key]; op != nil {
		return op, nil
	}
	resource := version + " " + resourceOf(template)
	cut := f.documents[resource]
	if cut == nil {
		cut = &cutDocument{}
		cut.builder, cut.err = f.cut(template, version)
		f.documents[resource] = cut
	}
	if cut.err != nil {
		return nil, cut.err
	}
	f.made[key] = cut.builder.operation(template, method)
	return f.made[key], nil
}

func (f *foreign) needed(template, method, version string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.made[version+" "+method+" "+template] != nil
}

// exists tells whether the operation is part of a version. One without versions is
// part of all.
func exists(op trim.Operation, version string) bool {
	_, there := op.At(version)
	return there || len(op.Versions) == 0
}

// resourceOf gives what a collection and its items have in common.
func resourceOf(template string) string {
	if i := strings.LastIndex(template, "/{"); i >= 0 && onlyParam.MatchString(template[i+1:]) {
		return template[:i]
	}
	return template
}

// cut cuts all operations of the template's resource: corrections may refer from
// one to what another holds.
func (f *foreign) cut(template, version string) (*builder, error) {
	var names []string
	versioned := false
	for _, op := range f.doc.Operations() {
		if exists(op, version) && resourceOf(op.Path) == resourceOf(template) {
			names = append(names, op.String())
			versioned = versioned || len(op.Versions) > 0
		}
	}
	at := version
	if !versioned {
		at = trim.Unversioned
	}
	cut, _, err := pipeline.Cut(f.doc, trim.Selection{Operations: names, Version: at})
	if err != nil {
		return nil, err
	}
	source, err := cut.Encode()
	if err != nil {
		return nil, err
	}
	doc, err := load(source)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return newBuilder(doc, f.name, version), nil
}

// load is openapi.LoadBytes for a document whose patterns may be beyond Go's
// regular expressions, as some of Atlas's are.
func load(source []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = false
	doc, err := loader.LoadFromData(source)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation(),
		openapi3.DisableSchemaDefaultsValidation(), openapi3.DisableSchemaFormatValidation())
}
