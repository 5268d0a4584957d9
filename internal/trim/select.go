package trim

import (
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/selection"
)

// Selection selects the operations to extract.
type Selection struct {
	// Operations selects the operations with the words described in package selection:
	// operationIds ("listGroupBackupExportBuckets"), short names ("listExportBuckets"),
	// method and path, "all", "tag:Clusters", "*Cluster*", "-tag:Streams".
	Operations []string
	// Version is the resource version to keep: a date ("2024-05-30"), a named version
	// ("preview"), or "v1.0" for a document whose media types contain no version. It must
	// occur in the document. "" selects the newest dated version that any of the operations
	// has.
	Version string
	// KeepProse keeps descriptions, summaries and examples, for a comparison of prose.
	KeepProse bool
	// Extensions are additional extensions to keep, such as x-go-name.
	Extensions []string
}

// Choice is the result of a selection.
type Choice struct {
	// Operations are the selected operations in the order of the source.
	Operations []*oas.Operation
	// Version is the version to keep, as in Selection.
	Version string
	// Previews counts the operations that were not selected because they exist only as a
	// preview.
	Previews int
	// Absent counts the operations that a tag, a pattern or all selected, but that do not
	// exist in the version.
	Absent int
}

// Choose returns the operations that a selection selects, without cutting them. It returns
// an error if a word matches nothing, or if a word names an operation that does not exist
// in the version.
func Choose(d *oas.Document, sel Selection) (*Choice, error) {
	all, err := d.Operations()
	if err != nil {
		return nil, err
	}
	found, err := selected(all, sel)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name(), err)
	}
	var chosen []*oas.Operation
	for _, i := range found.Selected {
		chosen = append(chosen, all[i])
	}
	c := &Choice{Previews: found.Previews}
	if c.Version, err = resolveVersion(d, sel.Version, all, chosen); err != nil {
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
		return nil, fmt.Errorf("%s: no operation is left: %d of those selected exist only as a preview, which version \"preview\" includes, and %d do not exist in version %s", d.Name(), c.Previews, c.Absent, c.Version)
	}
	return c, nil
}

func selected(all []*oas.Operation, sel Selection) (*selection.Choice, error) {
	words, err := selection.Parse(sel.Operations)
	if err != nil {
		return nil, err
	}
	found, err := words.Select(all, selection.Options{Previews: sel.Version != "" && !oas.IsDate(sel.Version)})
	if err != nil {
		return nil, err
	}
	return found, found.Err()
}
