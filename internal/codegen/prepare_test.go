package codegen

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

func TestPrepare(t *testing.T) {
	for what, tc := range map[string]struct{ in, want string }{
		"an operation gets its short name": {
			"paths:\n  /a:\n    get:\n      operationId: getGroupA\n      x-xgen-operation-id-override: getA\n      responses: {}\n",
			"paths:\n  /a:\n    get:\n      operationId: getA\n      x-xgen-operation-id-override: getA\n      responses: {}\n",
		},
		"a short name of two operations is not used": {
			"paths:\n  /a:\n    get: {operationId: getOne, x-xgen-operation-id-override: get, responses: {}}\n    put: {operationId: getTwo, x-xgen-operation-id-override: get, responses: {}}\n",
			"paths:\n  /a:\n    get:\n      operationId: getOne\n      x-xgen-operation-id-override: get\n      responses: {}\n    put:\n      operationId: getTwo\n      x-xgen-operation-id-override: get\n      responses: {}\n",
		},
		"a short name that is the operationId of another operation": {
			"paths:\n  /a:\n    get: {operationId: getOne, x-xgen-operation-id-override: getTwo, responses: {}}\n    put: {operationId: getTwo, responses: {}}\n",
			"paths:\n  /a:\n    get:\n      operationId: getOne\n      x-xgen-operation-id-override: getTwo\n      responses: {}\n    put:\n      operationId: getTwo\n      responses: {}\n",
		},
		"_id is ID": {
			"properties:\n  _id:\n    type: string\n",
			"properties:\n  _id:\n    type: string\n    x-go-name: ID\n",
		},
		"_id next to id is kept": {
			"properties:\n  _id: {type: string}\n  id: {type: string}\n",
			"properties:\n  _id:\n    type: string\n  id:\n    type: string\n",
		},
		"an existing x-go-name is kept": {
			"properties:\n  _id: {type: string, x-go-name: Key}\n",
			"properties:\n  _id:\n    type: string\n    x-go-name: Key\n",
		},
		"comments go": {
			"0:\n 0:\n#",
			"0:\n  0:\n",
		},
		"defaults are removed at any depth": {
			"allOf:\n  - type: string\n    default: a\n  - items:\n      default: b\n      type: string\n",
			"allOf:\n  - type: string\n  - items:\n      type: string\n",
		},
		"a property and a response called default are kept": {
			"properties:\n  default:\n    type: string\n    default: a\nresponses:\n  default:\n    description: x\n",
			"properties:\n  default:\n    type: string\nresponses:\n  default:\n    description: x\n",
		},
		"fields called properties and _id": {
			"properties:\n  properties:\n    properties:\n      _id:\n        type: string\n",
			"properties:\n  properties:\n    properties:\n      _id:\n        type: string\n        x-go-name: ID\n",
		},
	} {
		t.Run(what, func(t *testing.T) {
			var root yaml.Node
			if err := yaml.Unmarshal([]byte(tc.in), &root); err != nil {
				t.Fatal(err)
			}
			Prepare(root.Content[0])
			got, err := oas.Encode(root.Content[0])
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
