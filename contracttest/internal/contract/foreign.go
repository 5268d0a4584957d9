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
	documents map[string]*cutDocument // by version and operations
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
		key := version + " " + op.Method + " " + op.Path
		e.add(op.Method, &declaration{
			template: op.Path,
			compile:  func() (*Operation, error) { return f.operation(key, op, version) },
			needed:   func() bool { return f.needed(key) },
		})
	}
	return e
}

// operation cuts the operation with its resource. Where that fails, by a fault of
// another operation of the resource, it is cut alone.
func (f *foreign) operation(key string, op trim.Operation, version string) (*Operation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if made := f.made[key]; made != nil {
		return made, nil
	}
	cut := f.cutOnce(f.resource(op.Path, version), version)
	if cut.err != nil {
		cut = f.cutOnce([]trim.Operation{op}, version)
	}
	if cut.err != nil {
		return nil, cut.err
	}
	f.made[key] = cut.builder.operation(op.Path, op.Method)
	return f.made[key], nil
}

func (f *foreign) needed(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.made[key] != nil
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

// resource returns the operations of the template's resource in a version: corrections
// may refer from one to what another has. Of several templates of one shape, which no
// document may have together, only one is taken; the template itself always is.
func (f *foreign) resource(template, version string) []trim.Operation {
	var all []trim.Operation
	templates := map[string]string{shape(template): template}
	for _, op := range f.doc.Operations() {
		if !exists(op, version) || resourceOf(op.Path) != resourceOf(template) {
			continue
		}
		if of := shape(op.Path); templates[of] == "" {
			templates[of] = op.Path
		}
		if templates[shape(op.Path)] == op.Path {
			all = append(all, op)
		}
	}
	return all
}

// cutOnce cuts operations out of the document, or returns what was cut before.
func (f *foreign) cutOnce(operations []trim.Operation, version string) *cutDocument {
	at := trim.Unversioned
	names := make([]string, len(operations))
	for i, op := range operations {
		names[i] = op.String()
		if len(op.Versions) > 0 {
			at = version
		}
	}
	key := version + " " + strings.Join(names, " ")
	cut := f.documents[key]
	if cut == nil {
		cut = &cutDocument{}
		cut.builder, cut.err = f.cut(trim.Selection{Operations: names, Version: at}, version)
		f.documents[key] = cut
	}
	return cut
}

func (f *foreign) cut(sel trim.Selection, version string) (*builder, error) {
	cut, _, err := pipeline.Cut(f.doc, sel)
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
