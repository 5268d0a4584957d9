package trim

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// resolveVersion checks the version asked for against all that the document has; none
// asked for is the newest of the chosen operations.
func (d *Document) resolveVersion(version string, all, chosen []Operation) (string, error) {
	if version == "" {
		newest := newestOf(chosen)
		if others := versionsOf(chosen); newest == Unversioned && len(others) > 0 {
			return "", fmt.Errorf("%s: what was selected has no dated version; ask for one of: %s", d.Name(), list(others))
		}
		return newest, nil
	}
	if version == Unversioned {
		return version, nil
	}
	if known := versionsOf(all); !slices.Contains(known, version) {
		return "", fmt.Errorf("%s: version %q does not exist; the document has %s", d.Name(), version, list(known))
	}
	return version, nil
}

func newestOf(ops []Operation) string {
	newest := Unversioned
	for _, op := range ops {
		for _, v := range op.Versions {
			if oas.IsDate(v) && (newest == Unversioned || v > newest) {
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

// project keeps one version of the operation. What holds only other versions,
// such as the 200 of an operation that now answers 202, goes.
func (d *Document) project(op Operation, node *oas.Node, version string) error {
	at, ok := op.At(version)
	if !ok {
		return fmt.Errorf("%s: %s (%s) does not exist in version %s; it has %s", d.Name(), op.ShortName, op, version, list(op.Versions))
	}
	if body := oas.Get(node, "requestBody"); body != nil {
		oas.Set(node, "requestBody", d.inlineVersioned(body))
		oas.Keep(node, func(key string, v *oas.Node) bool { return key != "requestBody" || keepVersion(v, at) })
	}
	responses := oas.Get(node, "responses")
	for status, response := range oas.Pairs(responses) {
		oas.Set(responses, status, d.inlineVersioned(response))
	}
	oas.Keep(responses, func(_ string, v *oas.Node) bool { return keepVersion(v, at) })
	if hasSunset(node) {
		oas.Set(node, "deprecated", &oas.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"})
	}
	return nil
}

// hasSunset reports whether a successful response of a projected operation, or the
// operation, has a sunset. Atlas's documentation marks such a version as deprecated; its
// specification marks only operations without a newer version.
func hasSunset(op *oas.Node) bool {
	if oas.Get(op, "x-sunset") != nil {
		return true
	}
	for status, response := range oas.Pairs(oas.Get(op, "responses")) {
		for _, media := range oas.Pairs(oas.Get(response, "content")) {
			if strings.HasPrefix(status, "2") && oas.Get(media, "x-sunset") != nil {
				return true
			}
		}
	}
	return false
}

// inlineVersioned copies a referenced body or response that holds several versions,
// because another operation may need another one of it.
func (d *Document) inlineVersioned(n *oas.Node) *oas.Node {
	target, _, err := d.Follow(n, "")
	if err != nil {
		return n // reach reports it
	}
	for mediaType := range oas.Pairs(oas.Get(target, "content")) {
		if oas.MediaTypeVersion(mediaType) != "" {
			return oas.Clone(target)
		}
	}
	return n
}

// keepVersion drops all other versions from the holder's content, and tells
// whether the holder still says something.
func keepVersion(holder *oas.Node, version string) bool {
	content := oas.Get(holder, "content")
	if content == nil || len(content.Content) == 0 {
		return true
	}
	oas.Keep(content, func(mediaType string, _ *oas.Node) bool {
		v := oas.MediaTypeVersion(mediaType)
		return v == "" || v == version
	})
	return len(content.Content) > 0
}
