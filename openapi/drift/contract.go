package drift

import (
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// contract is the one that this module embeds. It says what to compare, and whose
// notation the corrections are written in.
type contract struct {
	docs map[string]*trim.Document
	// collections are the paths of the resource, an entry for each generation of the
	// API. What stands there or below is compared.
	collections []string
	order       []string
	// names are the short names of the operations, by key.
	names map[string]string
}

// theContract is read once. Nothing changes its documents.
var theContract = sync.OnceValues(newContract)

func newContract() (*contract, error) {
	k := &contract{docs: make(map[string]*trim.Document), names: make(map[string]string)}
	for _, version := range openapi.Versions() {
		source, err := openapi.Source(version)
		if err != nil {
			return nil, err
		}
		doc, err := trim.ParseBytes(openapi.FileName(version), source)
		if err != nil {
			return nil, err
		}
		k.docs[version] = doc
		k.learn(doc)
	}
	return k, nil
}

// learn takes the resource's path, the shortest, and the operations from a document.
func (k *contract) learn(doc *trim.Document) {
	shortest := ""
	for _, op := range doc.Operations() {
		key := shape.KeyAt(doc.Root(), op.Path, op.Method)
		if !slices.Contains(k.order, key) {
			k.order = append(k.order, key)
			k.names[key] = op.ShortName
		}
		_, path, _ := strings.Cut(key, " ")
		if shortest == "" || len(path) < len(shortest) {
			shortest = path
		}
	}
	if !slices.Contains(k.collections, shortest) {
		k.collections = append(k.collections, shortest)
	}
}

func (k *contract) selects(key string) bool {
	_, path, _ := strings.Cut(key, " ")
	return slices.ContainsFunc(k.collections, func(collection string) bool {
		return path == collection || strings.HasPrefix(path, collection+"/")
	})
}

// name gives the short name of an operation: the contract's own, or what the
// document that holds it says.
func (k *contract) name(key, said string) string {
	if name := k.names[key]; name != "" {
		return name
	}
	return said
}

// side gives the contract as a side of the comparison.
func (k *contract) side(selects selected) *side {
	s := newSide(embeddedName(), k.all(), selects)
	s.embedded = true
	return s
}

// all gives its documents, the oldest version first.
func (k *contract) all() []*trim.Document {
	var docs []*trim.Document
	for _, version := range openapi.Versions() {
		docs = append(docs, k.docs[version])
	}
	return docs
}

// notation gives the document whose notation a cut at this version is brought into.
func (k *contract) notation(version string) *yaml.Node {
	if doc := k.docs[version]; doc != nil {
		return doc.Root()
	}
	versions := openapi.Versions()
	return k.docs[versions[len(versions)-1]].Root()
}
