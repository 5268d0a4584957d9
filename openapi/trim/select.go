package trim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
)

// Selection says what to cut.
type Selection struct {
	// Operations are the operations to keep: upstream's operationId
	// ("listGroupBackupExportBuckets"), the short name ("listExportBuckets"), or
	// method and path ("GET /api/atlas/v2/groups/{groupId}/backup/exportBuckets").
	Operations []string
	// Version is the resource version to project to: a date ("2024-05-30"), a
	// named version ("preview"), or "v1.0" for a document whose media types carry
	// no version. It must occur in the document. "" takes the newest dated version
	// that any of the operations has.
	Version string
	// KeepProse keeps descriptions, summaries and examples, for a comparison of prose.
	KeepProse bool
}

// Operation is one operation of a document.
type Operation struct {
	Method, Path string
	// ID is the operationId; ShortName the x-xgen-operation-id-override, or ID where there is none.
	ID, ShortName string
	// Versions are the resource versions that it has, the oldest first; empty when
	// its media types carry none.
	Versions []string

	item, node *yaml.Node
}

// Described tells whether the operation has words for human readers: a summary or a
// description of its own or of one of its parameters.
func (o Operation) Described() bool {
	holders := append([]*yaml.Node{o.node}, items(get(o.node, "parameters"))...)
	for _, n := range holders {
		if get(n, "summary") != nil || get(n, "description") != nil {
			return true
		}
	}
	return false
}

// String gives method and path.
func (o Operation) String() string { return o.Method + " " + o.Path }

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// Operations lists all operations in the order of the source.
func (d *Document) Operations() []Operation {
	var found []Operation
	for path, item := range pairs(get(d.root, "paths")) {
		for method, node := range pairs(item) {
			if slices.Contains(methods, method.Value) {
				found = append(found, d.operation(path.Value, method.Value, item, node))
			}
		}
	}
	return found
}

func (d *Document) operation(path, method string, item, node *yaml.Node) Operation {
	op := Operation{Method: strings.ToUpper(method), Path: path, ID: text(get(node, "operationId")), item: item, node: node}
	op.ShortName = text(get(node, "x-xgen-operation-id-override"))
	if op.ShortName == "" {
		op.ShortName = op.ID
	}
	op.Versions = d.operationVersions(node)
	return op
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

// Select gives the operations of these names, in the order of the source; names are
// as in Selection. It fails when one is not there, or means several.
func (d *Document) Select(names ...string) ([]Operation, error) {
	return d.choose(d.Operations(), names)
}

// choose gives the named ones of all operations, in the order of the source.
func (d *Document) choose(all []Operation, names []string) ([]Operation, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no operation was selected", d.name)
	}
	chosen := make(map[string]bool)
	for _, name := range names {
		op, err := d.findOne(all, name)
		if err != nil {
			return nil, err
		}
		chosen[op.String()] = true
	}
	return slices.DeleteFunc(slices.Clone(all), func(op Operation) bool { return !chosen[op.String()] }), nil
}

func (d *Document) findOne(all []Operation, name string) (Operation, error) {
	for _, match := range []func(Operation) bool{
		func(op Operation) bool { return op.ID == name },
		func(op Operation) bool { return op.ShortName == name },
		func(op Operation) bool { return sameTarget(op, name) },
	} {
		var found []Operation
		for _, op := range all {
			if match(op) {
				found = append(found, op)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return Operation{}, fmt.Errorf("%s: operation %q is ambiguous: name it by method and path, %q or %q", d.name, name, found[0], found[1])
		}
	}
	return Operation{}, fmt.Errorf("%s: operation %q is not there (of %d)%s", d.name, name, len(all), suggestion(all, name))
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// sameTarget compares method and path; path parameters match whatever they are called.
func sameTarget(op Operation, name string) bool {
	method, path, ok := strings.Cut(name, " ")
	return ok && strings.EqualFold(op.Method, method) &&
		pathParameter.ReplaceAllString(op.Path, "{}") == pathParameter.ReplaceAllString(strings.TrimSpace(path), "{}")
}

func suggestion(all []Operation, name string) string {
	best, distance := "", len(name)/3+2
	for _, op := range all {
		for _, candidate := range []string{op.ShortName, op.ID} {
			if n := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(candidate)); n < distance {
				best, distance = candidate, n
			}
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}
