package drift

import (
	"slices"
	"strings"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
)

// contract is the embedded contract. It determines the operations that are compared by
// default, and the values that corrections set.
type contract struct {
	*contractSet
	// collections are the paths of the resource, one per generation of the API. Operations
	// at these paths and below them are compared.
	collections []string
	// source is the specification from which it was extracted.
	source pipeline.Provenance
}

// embeddedContract reads the embedded contract once. Nothing changes its documents.
var embeddedContract = sync.OnceValues(newContract)

func newContract() (*contract, error) {
	docs, err := pipeline.Embedded()
	if err != nil {
		return nil, err
	}
	all, err := newContractSet(docs, func(string) bool { return true })
	if err != nil {
		return nil, err
	}
	k := &contract{contractSet: all}
	var paths []string
	for _, key := range all.order {
		_, path, _ := strings.Cut(key, " ")
		paths = append(paths, path)
	}
	slices.Sort(paths) // a path before those below it
	for _, path := range paths {
		if !k.covers(path) {
			k.collections = append(k.collections, path)
		}
	}
	k.source, err = pipeline.EmbeddedProvenance()
	return k, err
}

func (k *contract) selects(key string) bool {
	_, path, _ := strings.Cut(key, " ")
	return k.covers(path)
}

// covers reports whether a path is that of a collection, or below it.
func (k *contract) covers(path string) bool {
	return slices.ContainsFunc(k.collections, func(collection string) bool {
		return path == collection || strings.HasPrefix(path, collection+"/")
	})
}

// name returns the contract's short name of an operation, or own if the contract does not
// have the operation.
func (k *contract) name(key, own string) string {
	for _, version := range k.versions(key) {
		return k.operations[key][version].ShortName
	}
	return own
}

// model returns the contract's operation at a version, or else at the operation's newest
// version.
func (k *contract) model(key, version string) (versionedOperation, bool) {
	if v, known := k.operations[key][version]; known {
		return v, true
	}
	for _, v := range k.newestFirst(key) {
		return v, true
	}
	return versionedOperation{}, false
}

// embeddedName returns the name of the embedded contract: the specification from which it
// was extracted.
func embeddedName() string {
	const name = "the embedded contract"
	if k, err := embeddedContract(); err == nil && k.source.Date != "" {
		return name + ", cut from upstream's of " + k.source.Date
	}
	return name
}
