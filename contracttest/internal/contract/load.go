package contract

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// Overlay corrects a contract. A nil Overlay changes nothing.
type Overlay struct {
	Name   string
	Source []byte
}

// Embedded returns the module's own contract, corrected by the user's overlay.
func Embedded(overlay *Overlay) (*Contract, error) {
	c := newContract(embeddedValues)
	docs, err := pipeline.Embedded()
	if err != nil {
		return nil, err
	}
	for i, version := range openapi.Versions() {
		doc, err := c.correct(docs[i], overlay)
		if err != nil {
			return nil, err
		}
		if err := c.add(doc, version); err != nil {
			return nil, err
		}
	}
	c.route()
	return c, nil
}

// Foreign returns a contract for a user's specification: any Atlas document, complete or
// trimmed, with one version or all, corrected as the module's own contract is, or a document
// of another API. The user's overlay is applied last.
func Foreign(name string, source []byte, overlay *Overlay) (*Contract, error) {
	doc, err := oas.ParseBytes(name, source)
	if err != nil {
		return nil, err
	}
	if doc, err = pipeline.Corrected(doc); err != nil {
		return nil, err
	}
	c := newContract(schema.MaxValues)
	if doc, err = c.correct(doc, overlay); err != nil {
		return nil, err
	}
	if err := doc.Complete(); err != nil {
		c.incomplete = errors.New(strings.TrimPrefix(err.Error(), name+": "))
	}
	if err := c.add(doc); err != nil {
		return nil, err
	}
	if len(c.versions) == 0 {
		return nil, fmt.Errorf("%s: the document declares no operation", name)
	}
	c.route()
	return c, nil
}

// embeddedValues is the largest number of JSON values of a body that is validated against
// the embedded contract: six times the number in a page of 500 buckets. It limits the
// memory use of verify.
const embeddedValues = 30_000

func newContract(maxValues int64) *Contract {
	return &Contract{maxValues: maxValues, documents: map[string]*oas.Document{}, several: map[string]bool{}}
}

// correct applies the user's overlay, and stores the reasons of its changes.
func (c *Contract) correct(doc *oas.Document, overlay *Overlay) (*oas.Document, error) {
	if overlay == nil {
		return doc, nil
	}
	corrected, reasons, err := pipeline.Overlaid(doc, overlay.Name, overlay.Source)
	for _, reason := range reasons {
		if !slices.Contains(c.corrections, reason) {
			c.corrections = append(c.corrections, reason)
		}
	}
	return corrected, err
}

// add declares the operations of a document, by default in each version in which they
// differ.
func (c *Contract) add(doc *oas.Document, versions ...string) error {
	operations, err := doc.Operations()
	if err != nil {
		return err
	}
	c.documents[doc.Name()] = doc
	c.operations = append(c.operations, operations)
	if versions == nil {
		versions = versionsOf(operations)
	}
	c.several[doc.Name()] = len(versions) > 1
	b := &builder{doc: doc, index: schema.NewIndex(doc, c.maxValues)}
	made := map[string]*declaration{} // by method, path and own version
	for _, version := range versions {
		e := &contractVersion{version: version, items: map[string]*item{}}
		for _, op := range operations {
			at, exists := op.At(version)
			if !exists && len(op.Versions) > 0 {
				continue // an operation without versions is part of every version
			}
			key := op.String() + " " + at
			if made[key] == nil {
				made[key] = newDeclaration(op, at, b)
			}
			e.add(op.Method, made[key])
		}
		c.versions = append(c.versions, e)
	}
	return nil
}

// newDeclaration declares an operation in its own version, "" for an operation without
// versions.
func newDeclaration(op *oas.Operation, at string, b *builder) *declaration {
	key := op.Key()
	served := key[strings.Index(key, "/"):]
	return &declaration{
		operation: op, template: op.Path, served: served, at: at,
		compile: sync.OnceValues(func() (*Operation, error) { return b.operation(op, at, served) }),
	}
}

// versionsOf returns the versions in which the operations differ. If no operation has two
// dated versions, the document has one dated version, the newest. A request for that
// version also gets operations with an older date. Versions with a name, such as preview,
// are always separate versions.
func versionsOf(operations []*oas.Operation) []string {
	versions := oas.VersionsOf(operations)
	several := slices.ContainsFunc(operations, func(op *oas.Operation) bool { return len(op.Versions) > 1 })
	switch {
	case len(operations) == 0:
		return nil
	case len(versions) == 0:
		return []string{oas.Unversioned}
	case several:
		return versions
	}
	newest := slices.IndexFunc(versions, func(v string) bool { return !oas.IsDate(v) })
	switch newest {
	case -1:
		newest = len(versions)
	case 0:
		return versions
	}
	return versions[newest-1:]
}

// declaration is a declared operation in one of its own versions.
type declaration struct {
	operation *oas.Operation
	template  string
	// served is the template including the path of the server's URL, without the names of
	// its parameters.
	served string
	at     string
	// compile compiles the operation for validation, once.
	compile func() (*Operation, error)
	// needed is true if an exchange has this operation.
	needed atomic.Bool
	// leftOut is true if Select did not select the operation.
	leftOut bool
}

// item contains the operations that a contractVersion declares for the paths of one shape.
// Several templates may have the same shape with different methods: …/{name} and …/{id}.
type item struct {
	declared map[string]*declaration // by method
}

// add declares an operation. If two operations have the same method and shape, the first is
// used, because requests cannot distinguish them.
func (e *contractVersion) add(method string, d *declaration) {
	i := e.items[d.served]
	if i == nil {
		i = &item{declared: map[string]*declaration{}}
		e.items[d.served] = i
	}
	if i.declared[method] == nil {
		i.declared[method] = d
	}
}

// methods returns the declared methods, sorted.
func (i *item) methods() []string { return slices.Sorted(maps.Keys(i.declared)) }

// template returns the template that declares the first method.
func (i *item) template() string { return i.declared[i.methods()[0]].template }

// operation returns the operation of a method for a version of the contract, nil if it
// is not declared.
func (i *item) operation(method, version string) (*Operation, error) {
	d := i.declared[method]
	if d == nil {
		return nil, nil
	}
	made, err := d.compile()
	if err != nil {
		return nil, fmt.Errorf("%s %s cannot be used: %w", method, d.template, err)
	}
	if made.Version == version {
		return made, nil
	}
	return made.in(version), nil
}
