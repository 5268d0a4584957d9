package trim

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Unversioned is the version of a document whose media types carry none, such as
// the one of the API's first generation.
const Unversioned = "v1.0"

// vendorType matches Atlas's versioned media types; the version is a date, a
// date with a suffix, or a name such as preview.
var vendorType = regexp.MustCompile(`(?i)^application/vnd\.atlas\.([^+;\s]+)\+[a-z]+`)

var dated = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// MediaTypeVersion gives the resource version in a media type, "" when it carries none.
func MediaTypeVersion(mediaType string) string {
	if m := vendorType.FindStringSubmatch(mediaType); m != nil {
		return m[1]
	}
	return ""
}

func (d *Document) operationVersions(op *yaml.Node) []string {
	found := make(map[string]bool)
	for _, holder := range d.contentHolders(op) {
		for mediaType := range pairs(get(holder, "content")) {
			if v := MediaTypeVersion(mediaType.Value); v != "" {
				found[v] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// contentHolders are the request body and the responses of an operation, with
// references followed one step.
func (d *Document) contentHolders(op *yaml.Node) []*yaml.Node {
	holders := []*yaml.Node{d.deref(get(op, "requestBody"))}
	for _, response := range pairs(get(op, "responses")) {
		holders = append(holders, d.deref(response))
	}
	return holders
}

func (d *Document) deref(n *yaml.Node) *yaml.Node {
	if ref := get(n, "$ref"); ref != nil {
		return d.lookup(ref.Value)
	}
	return n
}

// resolveVersion checks the version asked for against all that the document has; none
// asked for is the newest of the chosen operations.
func (d *Document) resolveVersion(version string, all, chosen []Operation) (string, error) {
	if version == "" {
		newest := newestOf(chosen)
		if others := versionsOf(chosen); newest == Unversioned && len(others) > 0 {
			return "", fmt.Errorf("%s: what was selected has no dated version; ask for one of: %s", d.name, list(others))
		}
		return newest, nil
	}
	if version == Unversioned {
		return version, nil
	}
	if known := versionsOf(all); !slices.Contains(known, version) {
		return "", fmt.Errorf("%s: version %q does not exist; the document has %s", d.name, version, list(known))
	}
	return version, nil
}

func newestOf(ops []Operation) string {
	newest := Unversioned
	for _, op := range ops {
		for _, v := range op.Versions {
			if dated.MatchString(v) && (newest == Unversioned || v > newest) {
				newest = v
			}
		}
	}
	return newest
}

func list(versions []string) string {
	if len(versions) == 0 {
		return "no versioned media type"
	}
	return strings.Join(versions, ", ")
}

// At gives the operation's version for a request of the given version: the newest
// that is not later. ok is false when the operation did not exist then. An operation
// without versions is the same in all of them.
func (o Operation) At(version string) (at string, ok bool) {
	switch {
	case len(o.Versions) == 0:
		return "", version == Unversioned || dated.MatchString(version)
	case version == Unversioned:
		return "", false
	case !dated.MatchString(version):
		return version, slices.Contains(o.Versions, version)
	}
	for _, v := range o.Versions {
		if dated.MatchString(v) && v <= version {
			at = v
		}
	}
	return at, at != ""
}

// project keeps one version of the operation. What holds only other versions,
// such as the 200 of an operation that now answers 202, goes.
func (d *Document) project(op Operation, node *yaml.Node, version string) error {
	at, ok := op.At(version)
	if !ok {
		return fmt.Errorf("%s: %s (%s) does not exist in version %s; it has %s", d.name, op.ShortName, op, version, list(op.Versions))
	}
	if body := get(node, "requestBody"); body != nil {
		set(node, "requestBody", d.inlineVersioned(body))
		keep(node, func(key string, v *yaml.Node) bool { return key != "requestBody" || keepVersion(v, at) })
	}
	responses := get(node, "responses")
	for status, response := range pairs(responses) {
		set(responses, status.Value, d.inlineVersioned(response))
	}
	keep(responses, func(_ string, v *yaml.Node) bool { return keepVersion(v, at) })
	return nil
}

// inlineVersioned copies a referenced body or response that holds several versions,
// because another operation may need another one of it.
func (d *Document) inlineVersioned(n *yaml.Node) *yaml.Node {
	target := d.deref(n)
	for mediaType := range pairs(get(target, "content")) {
		if MediaTypeVersion(mediaType.Value) != "" {
			return clone(target)
		}
	}
	return n
}

// keepVersion drops all other versions from the holder's content, and tells
// whether the holder still says something.
func keepVersion(holder *yaml.Node, version string) bool {
	content := get(holder, "content")
	if content == nil || len(content.Content) == 0 {
		return true
	}
	keep(content, func(mediaType string, _ *yaml.Node) bool {
		v := MediaTypeVersion(mediaType)
		return v == "" || v == version
	})
	return len(content.Content) > 0
}
