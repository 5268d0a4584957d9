package trim

import (
	"io"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/selection"
)

// MaxBytes is the largest document that is read: sixteen times the Atlas
// specification of 2026.
const MaxBytes = oas.MaxBytes

// Unversioned is the version of a document whose media types carry none, such as the
// one of the API's first generation.
const Unversioned = oas.Unversioned

// Document is an OpenAPI 3 document that operations can be cut out of.
type Document struct{ *oas.Document }

// Operation is one operation of a document.
type Operation = *oas.Operation

// ParseFile reads the document in a file.
func ParseFile(name string) (*Document, error) { return document(oas.ParseFile(name)) }

// Parse reads an OpenAPI 3 document, YAML or JSON, of at most MaxBytes. Errors call it name.
func Parse(name string, r io.Reader) (*Document, error) { return document(oas.Parse(name, r)) }

// ParseBytes is Parse for a document that is in memory.
func ParseBytes(name string, data []byte) (*Document, error) {
	return document(oas.ParseBytes(name, data))
}

// WithRoot makes a document of a tree, which it takes over, as if it had been parsed
// under d's name.
func (d *Document) WithRoot(root *oas.Node) (*Document, error) {
	return document(oas.New(d.Name(), root))
}

// document checks that the operations of a document can be listed.
func document(doc *oas.Document, err error) (*Document, error) {
	if err != nil {
		return nil, err
	}
	if _, err := doc.Operations(); err != nil {
		return nil, err
	}
	return &Document{doc}, nil
}

// Operations lists all operations in the order of the source.
func (d *Document) Operations() []Operation {
	ops, err := d.Document.Operations()
	if err != nil {
		return nil // document has refused it
	}
	return ops
}

// Versions lists the resource versions that occur in the document, the oldest first.
func (d *Document) Versions() []string { return versionsOf(d.Operations()) }

func versionsOf(ops []Operation) []string {
	var all []string
	for _, op := range ops {
		all = append(all, op.Versions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Selectable describes operations to package selection, at the same positions.
func Selectable(ops []Operation) []selection.Operation {
	out := make([]selection.Operation, len(ops))
	for i, op := range ops {
		preview := len(op.Versions) > 0 && !slices.ContainsFunc(op.Versions, oas.IsDate)
		out[i] = selection.Operation{ID: op.ID, ShortName: op.ShortName, Method: op.Method, Path: op.Path, Tags: op.Tags, Preview: preview}
	}
	return out
}
