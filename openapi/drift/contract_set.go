package drift

import (
	"regexp"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// contractSet contains the documents of one of the two sides that are compared.
type contractSet struct {
	name string
	docs []*oas.Document
	// embedded is true for this module's contract, which has one file per version and is
	// already corrected.
	embedded bool
	// only is the version of a one-version file, or "" for a file with several versions.
	only string
	// operations contains the selected operations by key and version.
	operations map[string]map[string]versionedOperation
	// order is the order of the keys in the source.
	order []string
	// all contains all operations of the documents, selected or not.
	all []*oas.Operation
	// named contains all operations by short name and by id. It is nil until needed.
	named map[string]*oas.Operation
	// generations has the generations of the API to which the operations belong.
	generations map[string]bool
	readers     map[*oas.Document]*oas.Reader
}

// versionedOperation is an operation at one version, which is oas.Unversioned if its media
// types have no version.
type versionedOperation struct {
	*oas.Operation
	version string
}

// newContractSet lists the selected operations and versions of the documents of one side.
func newContractSet(docs []*oas.Document, want selected) (*contractSet, error) {
	s := &contractSet{
		name: docs[0].Name(), docs: docs, operations: make(map[string]map[string]versionedOperation),
		generations: make(map[string]bool), readers: make(map[*oas.Document]*oas.Reader),
	}
	for _, doc := range docs {
		ops, err := doc.Operations()
		if err != nil {
			return nil, err
		}
		for _, op := range ops {
			s.all = append(s.all, op)
			key := op.Key()
			s.generations[generation(key)] = true
			if want(key) {
				s.add(key, op)
			}
		}
	}
	s.only = s.onlyVersion()
	return s, nil
}

func (s *contractSet) add(key string, op *oas.Operation) {
	if s.operations[key] == nil {
		s.operations[key] = make(map[string]versionedOperation)
		s.order = append(s.order, key)
	}
	versions := op.Versions
	if len(versions) == 0 {
		versions = []string{oas.Unversioned}
	}
	for _, v := range versions {
		if _, known := s.operations[key][v]; !known {
			s.operations[key][v] = versionedOperation{op, v}
		}
	}
}

// onlyVersion returns the version of a one-version file. If no operation of a file has two
// versions, the file has only one version: the newest version of any operation. It returns
// "" if an operation has several versions, or none has any.
func (s *contractSet) onlyVersion() string {
	newest := ""
	for _, op := range s.all {
		dates := slices.DeleteFunc(slices.Clone(op.Versions), func(v string) bool { return !oas.IsDate(v) })
		if len(dates) > 1 {
			return ""
		}
		for _, v := range dates {
			newest = max(newest, v)
		}
	}
	return newest
}

// read returns the effective form of an operation at a version.
func (s *contractSet) read(key, version string, prose bool) (*oas.Effective, error) {
	op := s.at(key, version)
	reader := s.readers[op.Document()]
	if reader == nil {
		reader = op.Document().Reader()
		reader.WithProse = prose
		s.readers[op.Document()] = reader
	}
	made, err := reader.Operation(op.Operation, op.version)
	if err != nil {
		return nil, err
	}
	made.Version = version
	return made, nil
}

// missing returns the place that an operation of the other side would have on this side.
func (s *contractSet) missing(v versionedOperation) oas.Place {
	return s.docs[len(s.docs)-1].Place(oas.Join("/paths", v.Path, strings.ToLower(v.Method)))
}

// versions lists the dated versions of an operation on this side, the oldest first, or only
// oas.Unversioned for an operation without versions.
func (s *contractSet) versions(key string) []string {
	var out []string
	for v := range s.operations[key] {
		if v == oas.Unversioned || oas.IsDate(v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

// at returns an operation at a version. An operation whose media types contain no version
// applies to every version.
func (s *contractSet) at(key, version string) versionedOperation {
	if v, ok := s.operations[key][version]; ok {
		return v
	}
	return s.operations[key][oas.Unversioned]
}

// newestFirst returns the versions of an operation on this side, the newest first.
func (s *contractSet) newestFirst(key string) []versionedOperation {
	versions := s.versions(key)
	slices.Reverse(versions)
	var out []versionedOperation
	for _, v := range versions {
		out = append(out, s.operations[key][v])
	}
	return out
}

// shows reports whether the files of this side would contain a version of an operation if
// it existed. known are the versions that the other side has.
func (s *contractSet) shows(key, version string, known []string) bool {
	if !s.hasGeneration(key) {
		return false
	}
	if s.only == "" || version == oas.Unversioned {
		return true
	}
	newest := ""
	for _, v := range append(s.versions(key), known...) {
		if oas.IsDate(v) && v <= s.only {
			newest = max(newest, v)
		}
	}
	return version == newest
}

// hasGeneration reports whether the side has operations of the same API generation as an
// operation: a file of /api/atlas/v2 has no information about v1.0.
func (s *contractSet) hasGeneration(key string) bool { return s.generations[generation(key)] }

var generationStep = regexp.MustCompile(`^v\d+(\.\d+)?$`)

// generation returns the part of a key's path up to the step with the API's generation:
// "/api/atlas/v2".
func generation(key string) string {
	_, path, _ := strings.Cut(key, " ")
	steps := strings.Split(path, "/")
	i := slices.IndexFunc(steps, generationStep.MatchString)
	return strings.Join(steps[:i+1], "/")
}

// described reports whether any operation of this side has a summary or a description. A
// file that was extracted without prose has none, which does not count as a change.
func (s *contractSet) described() bool {
	for _, versions := range s.operations {
		for _, v := range versions {
			if v.Described() {
				return true
			}
		}
	}
	return false
}
