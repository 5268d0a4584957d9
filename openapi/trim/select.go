package trim

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/selection"
)

// Selection says what to cut.
type Selection struct {
	// Operations selects the operations to keep, by words as package selection
	// describes them: operationIds ("listGroupBackupExportBuckets"), short names
	// ("listExportBuckets"), method and path, "all", "tag:Clusters", "*Cluster*",
	// "-tag:Streams".
	Operations []string
	// Version is the resource version to project to: a date ("2024-05-30"), a
	// named version ("preview"), or "v1.0" for a document whose media types carry
	// no version. It must occur in the document. "" takes the newest dated version
	// that any of the operations has.
	Version string
	// KeepProse keeps descriptions, summaries and examples, for a comparison of prose.
	KeepProse bool
	// Extensions are extensions to keep besides those of the contract, such as x-go-name.
	Extensions []string
	// KeepUnmapped keeps the values in the enum of a discriminator property that select
	// no branch, for a comparison. By default the extension x-unmapped-values has them.
	KeepUnmapped bool
}

// Operation is one operation of a document.
type Operation struct {
	Method, Path string
	// ID is the operationId; ShortName the x-xgen-operation-id-override, or ID where there is none.
	ID, ShortName string
	// Versions are the resource versions that it has, the oldest first; empty when
	// its media types carry none.
	Versions []string
	// Tags are the operation's tags, in the order of the source.
	Tags []string

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
	for _, tag := range items(get(node, "tags")) {
		op.Tags = append(op.Tags, text(tag))
	}
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

// Choice is the result of a selection.
type Choice struct {
	// Operations are the selected operations in the order of the source.
	Operations []Operation
	// Version is the version to project to, as in Selection.
	Version string
	// Previews counts the operations that were left out because they exist only as a
	// preview.
	Previews int
	// Absent counts the operations that a tag, a pattern or all selected, and that do
	// not exist in the version.
	Absent int
}

// Choose returns the operations that a selection selects, without cutting them. A word
// that matches nothing and a named operation that does not exist in the version are errors.
func (d *Document) Choose(sel Selection) (*Choice, error) {
	all := d.Operations()
	found, err := d.selected(all, sel)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.name, err)
	}
	var chosen []Operation
	for _, i := range found.Selected {
		chosen = append(chosen, all[i])
	}
	c := &Choice{Previews: found.Previews}
	if c.Version, err = d.resolveVersion(sel.Version, all, chosen); err != nil {
		return nil, err
	}
	for _, i := range found.Selected {
		if _, ok := all[i].At(c.Version); !ok && !found.Named[i] {
			c.Absent++
			continue
		}
		c.Operations = append(c.Operations, all[i])
	}
	if len(c.Operations) == 0 {
		return nil, fmt.Errorf("%s: no operation is left: %d of those selected exist only as a preview, which version \"preview\" would take, and %d do not exist in version %s", d.name, c.Previews, c.Absent, c.Version)
	}
	return c, nil
}

func (d *Document) selected(all []Operation, sel Selection) (*selection.Choice, error) {
	words, err := selection.Parse(sel.Operations)
	if err != nil {
		return nil, err
	}
	found, err := words.Select(Selectable(all), selection.Options{Previews: sel.Version != "" && !dated.MatchString(sel.Version)})
	if err != nil {
		return nil, err
	}
	return found, found.Err()
}

// Selectable describes operations to package selection, at the same positions.
func Selectable(ops []Operation) []selection.Operation {
	out := make([]selection.Operation, len(ops))
	for i, op := range ops {
		preview := len(op.Versions) > 0 && !slices.ContainsFunc(op.Versions, dated.MatchString)
		out[i] = selection.Operation{ID: op.ID, ShortName: op.ShortName, Method: op.Method, Path: op.Path, Tags: op.Tags, Preview: preview}
	}
	return out
}
