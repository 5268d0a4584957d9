package drift

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// side is one of the two contracts that are compared.
type side struct {
	name string
	// embedded tells that it is this module's contract, which is one contract though
	// it has a file for each version, and is corrected already.
	embedded bool
	// only is the one version that a one-version file shows, "" for a file that shows
	// versions side by side.
	only string
	// operations are the selected ones, by key.
	operations map[string]map[string]held
	// order is the order of the keys in the source.
	order []string
	// all are the short names of all operations of the documents, selected or not.
	all []string
}

// held is an operation at one version, and the document that holds it.
type held struct {
	doc *trim.Document
	op  trim.Operation
	// version is the one to cut at: trim.Unversioned when its media types carry none.
	version string
}

// newSide lists what a side's documents hold.
func newSide(name string, docs []*trim.Document, want selected) *side {
	s := &side{name: name, operations: make(map[string]map[string]held)}
	for _, doc := range docs {
		for _, op := range doc.Operations() {
			s.all = append(s.all, op.ShortName)
			key := shape.KeyAt(doc.Root(), op.Path, op.Method)
			if want(key) {
				s.hold(key, doc, op)
			}
		}
	}
	return s
}

func (s *side) hold(key string, doc *trim.Document, op trim.Operation) {
	if s.operations[key] == nil {
		s.operations[key] = make(map[string]held)
		s.order = append(s.order, key)
	}
	versions := op.Versions
	if len(versions) == 0 {
		versions = []string{trim.Unversioned}
	}
	for _, v := range versions {
		if _, known := s.operations[key][v]; !known {
			s.operations[key][v] = held{doc, op, v}
		}
	}
}

// foreignSide is a side that the user gave.
func foreignSide(doc *trim.Document, want selected) *side {
	s := newSide(doc.Name(), []*trim.Document{doc}, want)
	s.only = onlyVersion(doc)
	return s
}

// onlyVersion gives the version that a one-version file shows: no operation in it
// has two, so it was projected to the newest of them all. "" means that the file
// shows versions side by side, or none.
func onlyVersion(doc *trim.Document) string {
	newest := ""
	for _, op := range doc.Operations() {
		dated := slices.DeleteFunc(slices.Clone(op.Versions), func(v string) bool { return !isDate(v) })
		if len(dated) > 1 {
			return ""
		}
		for _, v := range dated {
			newest = max(newest, v)
		}
	}
	return newest
}

// versions lists the dated versions that the side has of an operation, the oldest
// first; for an operation without versions it is trim.Unversioned alone.
func (s *side) versions(key string) []string {
	var out []string
	for v := range s.operations[key] {
		if v == trim.Unversioned || isDate(v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

// at gives an operation at a version. One whose media types carry no version stands
// for every version.
func (s *side) at(key, version string) held {
	if h, ok := s.operations[key][version]; ok {
		return h
	}
	return s.operations[key][trim.Unversioned]
}

// shows tells whether the side would show a version of an operation if it had it,
// given all the versions that the other side knows.
func (s *side) shows(key, version string, known []string) bool {
	if !s.hasGeneration(key) {
		return false
	}
	if s.only == "" || version == trim.Unversioned {
		return true
	}
	due := ""
	for _, v := range append(s.versions(key), known...) {
		if isDate(v) && v <= s.only {
			due = max(due, v)
		}
	}
	return version == due
}

// hasGeneration tells whether the side says anything of the API's generation that an
// operation belongs to: a file of /api/atlas/v2 says nothing of v1.0.
func (s *side) hasGeneration(key string) bool {
	for other := range s.operations {
		if generation(other) == generation(key) {
			return true
		}
	}
	return false
}

var generationStep = regexp.MustCompile(`^v\d+(\.\d+)?$`)

// generation gives the part of a key's path up to the step that names the API's
// generation: "/api/atlas/v2".
func generation(key string) string {
	_, path, _ := strings.Cut(key, " ")
	steps := strings.Split(path, "/")
	i := slices.IndexFunc(steps, generationStep.MatchString)
	return strings.Join(steps[:i+1], "/")
}

func isDate(version string) bool {
	return len(version) == len("2024-05-30") && version[4] == '-' && version[7] == '-' && strings.Trim(version, "0123456789-") == ""
}

// pointerIn gives the pointer that a place has in the file as the user gave it, whose tree is root.
func pointerIn(root *yaml.Node, p shape.Place) string {
	if p.Line == 0 {
		return p.Pointer
	}
	if pointer, ok := find(root, p.Line, p.Column, ""); ok {
		return pointer + p.Below
	}
	return p.Pointer
}

// find searches a tree for the value at a line and column. Trees are in the order of
// their lines, but for aliases that were expanded; those are not found.
func find(n *yaml.Node, line, column int, pointer string) (string, bool) {
	if n.Line == line && n.Column == column {
		return pointer, true
	}
	children := childrenOf(n, pointer)
	i, _ := slices.BinarySearchFunc(children, [2]int{line, column}, func(c child, at [2]int) int {
		if c.line < at[0] || c.line == at[0] && c.column <= at[1] {
			return -1
		}
		return 1
	})
	if i == 0 {
		return "", false
	}
	c := children[i-1]
	return find(c.value, line, column, c.pointer)
}

// child is a value and where its key, or itself, begins.
type child struct {
	line, column int
	value        *yaml.Node
	pointer      string
}

func childrenOf(n *yaml.Node, pointer string) []child {
	var out []child
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			out = append(out, child{key.Line, key.Column, n.Content[i+1], tree.Join(pointer, key.Value)})
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			out = append(out, child{item.Line, item.Column, item, tree.Index(pointer, i)})
		}
	}
	return out
}

// wordy tells whether the side explains any of its operations. A file that was cut
// without prose doesn't, and that it lacks words is no news.
func (s *side) wordy() bool {
	for _, versions := range s.operations {
		for _, h := range versions {
			if h.op.Described() {
				return true
			}
		}
	}
	return false
}
