package drift

import (
	"bufio"
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// contract is the embedded contract. It determines what is compared by default and what the
// corrections mean.
type contract struct {
	docs map[string]*oas.Document
	// collections are the paths of the resource, one per generation of the API. Operations
	// at these paths and below them are compared.
	collections []string
	order       []string
	// names are the short names of the operations, operations the operations, by key.
	names      map[string]string
	operations map[string][]versioned
	// title and date are those of the specification that it was cut from.
	title, date string
}

// theContract is read once. Nothing changes its documents.
var theContract = sync.OnceValues(newContract)

func newContract() (*contract, error) {
	k := &contract{docs: make(map[string]*oas.Document), names: make(map[string]string), operations: make(map[string][]versioned)}
	for _, version := range openapi.Versions() {
		source, err := openapi.Source(version)
		if err != nil {
			return nil, err
		}
		doc, err := oas.ParseBytes(openapi.FileName(version), source)
		if err != nil {
			return nil, err
		}
		k.docs[version] = doc
		if err := k.learn(doc, version); err != nil {
			return nil, err
		}
	}
	provenance, err := openapi.Recipe("UPSTREAM")
	lines := bufio.NewScanner(bytes.NewReader(provenance))
	for lines.Scan() {
		if title, found := strings.CutPrefix(lines.Text(), "title: "); found {
			k.title = title
		}
		if date, found := strings.CutPrefix(lines.Text(), "date: "); found {
			k.date = date
		}
	}
	return k, err
}

// learn takes the resource's path, the shortest, and the operations from a document.
func (k *contract) learn(doc *oas.Document, version string) error {
	ops, err := doc.Operations()
	if err != nil {
		return err
	}
	shortest := ""
	for _, op := range ops {
		key := op.Key()
		if !slices.Contains(k.order, key) {
			k.order = append(k.order, key)
			k.names[key] = op.ShortName
		}
		at, _ := op.At(version)
		if at == "" {
			at = oas.Unversioned
		}
		k.operations[key] = append(k.operations[key], versioned{op, at})
		_, path, _ := strings.Cut(key, " ")
		if shortest == "" || len(path) < len(shortest) {
			shortest = path
		}
	}
	if !slices.Contains(k.collections, shortest) {
		k.collections = append(k.collections, shortest)
	}
	return nil
}

func (k *contract) selects(key string) bool {
	_, path, _ := strings.Cut(key, " ")
	return slices.ContainsFunc(k.collections, func(collection string) bool {
		return path == collection || strings.HasPrefix(path, collection+"/")
	})
}

// name returns the short name of an operation: the contract's own, or the one in the
// document that has it.
func (k *contract) name(key, said string) string {
	if name := k.names[key]; name != "" {
		return name
	}
	return said
}

// all returns its documents, the oldest version first.
func (k *contract) all() []*oas.Document {
	var docs []*oas.Document
	for _, version := range openapi.Versions() {
		docs = append(docs, k.docs[version])
	}
	return docs
}

// at returns the contract's operation at a version, or else at its newest.
func (k *contract) at(key, version string) (versioned, bool) {
	of := k.operations[key]
	if len(of) == 0 {
		return versioned{}, false
	}
	if i := slices.IndexFunc(of, func(v versioned) bool { return v.version == version }); i >= 0 {
		return of[i], true
	}
	return of[len(of)-1], true
}

// embeddedName returns the embedded contract's name: the specification that it was cut
// from.
func embeddedName() string {
	const name = "the embedded contract"
	if k, err := theContract(); err == nil && k.date != "" {
		return name + ", cut from upstream's of " + k.date
	}
	return name
}
