package trim

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// resolveVersion checks that the document has the version. If version is "", it returns the
// newest dated version of the selected operations.
func resolveVersion(d *oas.Document, version string, all, chosen []*oas.Operation) (string, error) {
	if version == "" {
		known := oas.VersionsOf(chosen)
		for _, v := range slices.Backward(known) {
			if oas.IsDate(v) {
				return v, nil
			}
		}
		if len(known) > 0 {
			return "", fmt.Errorf("%s: the selected operations have no dated version; request one of: %s", d.Name(), list(known))
		}
		return oas.Unversioned, nil
	}
	if version == oas.Unversioned {
		return version, nil
	}
	if known := oas.VersionsOf(all); !slices.Contains(known, version) {
		return "", fmt.Errorf("%s: version %q does not exist; the document has %s", d.Name(), version, list(known))
	}
	return version, nil
}

func list(versions []string) string {
	if len(versions) == 0 {
		return "no versioned media type"
	}
	return strings.Join(versions, ", ")
}

// project returns one version of an operation. Parts that have only other versions, such as
// the 200 of an operation that now responds with 202, are dropped. The result and the
// document share nodes.
func project(d *oas.Document, op *oas.Operation, version string) (*oas.Node, error) {
	at, ok := op.At(version)
	if !ok {
		return nil, fmt.Errorf("%s: %s (%s) does not exist in version %s; it has %s", d.Name(), op.ShortName, op, version, list(op.Versions))
	}
	node := oas.Shallow(op.Node())
	for i := 1; i < len(node.Content); i += 2 {
		switch node.Content[i-1].Value {
		case "requestBody":
			node.Content[i] = inlineVersioned(d, node.Content[i], at)
		case "responses":
			responses := oas.Shallow(node.Content[i])
			for j := 1; j < len(responses.Content); j += 2 {
				responses.Content[j] = inlineVersioned(d, responses.Content[j], at)
			}
			oas.Keep(responses, func(_ string, v *oas.Node) bool { return v != nil })
			node.Content[i] = responses
		}
	}
	oas.Keep(node, func(_ string, v *oas.Node) bool { return v != nil })
	if hasSunset(node) {
		oas.Set(node, "deprecated", &oas.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"})
	}
	return node, nil
}

// hasSunset reports whether an operation at one version, or one of its successful
// responses, has a sunset. Atlas's documentation marks such a version as deprecated; its
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

// inlineVersioned returns a body or response with one version of its content, or nil if it
// has only other versions. A reference to a target with several versions is replaced by a
// copy, because another operation may need another version of the target.
func inlineVersioned(d *oas.Document, holder *oas.Node, version string) *oas.Node {
	target, _, err := d.Follow(holder, "")
	if err != nil {
		return holder // reach reports the error
	}
	versioned := false
	content := oas.Shallow(oas.Get(target, "content"))
	oas.Keep(content, func(mediaType string, _ *oas.Node) bool {
		v := oas.MediaTypeVersion(mediaType)
		versioned = versioned || v != ""
		return v == "" || v == version
	})
	switch {
	case !versioned:
		return holder
	case len(content.Content) == 0:
		return nil
	}
	out := oas.Shallow(target)
	oas.Set(out, "content", content)
	return out
}
