package drift

import (
	"slices"
	"strings"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// contract is the embedded contract. It determines the operations that are compared by
// default, and the values that corrections set.
type contract struct {
	// docs are its documents, in the order of openapi.Versions.
	docs []*oas.Document
	// collections are the paths of the resource, one per generation of the API. Operations
	// at these paths and below them are compared.
	collections []string
	order       []string
	// names contains the short names of the operations, operations the operations, by key.
	names      map[string]string
	operations map[string][]versioned
	// source is the specification from which it was extracted.
	source pipeline.Provenance
}

// theContract reads the embedded contract once. Nothing changes its documents.
var theContract = sync.OnceValues(newContract)

func newContract() (*contract, error) {
	docs, err := pipeline.Embedded()
	if err != nil {
		return nil, err
	}
	k := &contract{docs: docs, names: make(map[string]string), operations: make(map[string][]versioned)}
	for i, version := range openapi.Versions() {
		if err := k.addDocument(docs[i], version); err != nil {
			return nil, err
		}
	}
	k.source, err = pipeline.EmbeddedProvenance()
	return k, err
}

// addDocument adds the operations of a document, and the path of its resource, which is the
// shortest path.
func (k *contract) addDocument(doc *oas.Document, version string) error {
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

// name returns the contract's short name of an operation, or own if the contract does not
// have the operation.
func (k *contract) name(key, own string) string {
	if name := k.names[key]; name != "" {
		return name
	}
	return own
}

// at returns the contract's operation at a version, or else at the operation's newest
// version.
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

// embeddedName returns the name of the embedded contract: the specification from which it
// was extracted.
func embeddedName() string {
	const name = "the embedded contract"
	if k, err := theContract(); err == nil && k.source.Date != "" {
		return name + ", cut from upstream's of " + k.source.Date
	}
	return name
}
