package codegen

import (
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

func TestExplainDeprecations(t *testing.T) {
	const media = "application/vnd.atlas.2023-01-01+json"
	for _, test := range []struct{ name, operation, want string }{
		{"with a sunset", "{deprecated: true, responses: {'200': {content: {" + media + ": {x-sunset: '2027-07-01'}}}}}",
			"Atlas switches resource version 2023-01-01 off on 2027-07-01."},
		{"the earliest of two", "{deprecated: true, responses: {'200': {content: {" + media + ": {x-sunset: '2027-07-01'}}}, '202': {content: {" + media + ": {x-sunset: '2026-01-31'}}}}}",
			"Atlas switches resource version 2023-01-01 off on 2026-01-31."},
		{"an existing reason", "{deprecated: true, x-deprecated-reason: Use another., responses: {'200': {content: {" + media + ": {x-sunset: '2027-07-01'}}}}}", "Use another."},
		{"an error's sunset does not count", "{deprecated: true, responses: {'404': {content: {" + media + ": {x-sunset: '2027-07-01'}}}}}", ""},
		{"without a sunset", "{deprecated: true, responses: {'200': {content: {" + media + ": {}}}}}", ""},
		{"not deprecated", "{responses: {'200': {content: {" + media + ": {x-sunset: '2027-07-01'}}}}}", ""},
	} {
		var root yaml.Node
		if err := yaml.Unmarshal([]byte("paths: {/a: {get: "+test.operation+"}}"), &root); err != nil {
			t.Fatal(err)
		}
		explainDeprecations(root.Content[0])
		got := ""
		if reason := oas.Get(operationNodes(root.Content[0])[0], deprecatedReason); reason != nil {
			got = reason.Value
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
