package drift

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// pets is a specification with two operations in addition to one of export buckets.
const pets = `
openapi: 3.0.1
info: {title: Pets, version: '1'}
paths:
  /api/atlas/v2/pets:
    get: {operationId: listOurPets, x-xgen-operation-id-override: listPets, responses: {'200': {description: x, content: {application/vnd.atlas.2024-01-01+json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
    post:
      operationId: createPet
      requestBody: {content: {application/vnd.atlas.2024-01-01+json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: x, content: {application/vnd.atlas.2024-01-01+json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /api/atlas/v2/groups/{groupId}/backup/exportBuckets:
    get: {operationId: listExportBuckets, responses: {'200': {description: x, content: {application/vnd.atlas.2024-01-01+json: {schema: {type: object}}}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, kind: {type: string, enum: [cat, dog]}}}
`

func TestSelectedOperations(t *testing.T) {
	after := strings.Replace(pets, "[cat, dog]", "[cat]", 1)
	after = strings.Replace(after, "{schema: {type: object}}", "{schema: {type: array}}", 1)
	for _, test := range []struct {
		name       string
		operations []string
		rules      []string
		hit        []string
	}{
		{"none named: only export buckets", nil, []string{"response-type-changed"}, []string{"listExportBuckets"}},
		{"by short name", []string{"listPets"}, []string{"response-enum-value-removed"}, []string{"listPets"}},
		{"by id", []string{"listOurPets"}, []string{"response-enum-value-removed"}, []string{"listPets"}},
		{"by method and path", []string{"POST /api/atlas/v2/pets"}, []string{"request-enum-value-removed"}, []string{"createPet"}},
		{"several", []string{"createPet", "listPets"}, []string{"request-enum-value-removed"}, []string{"listPets", "createPet"}},
		{"all", []string{AllOperations}, []string{"response-type-changed", "request-enum-value-removed"}, nil},
	} {
		r, err := Compare(t.Context(), Options{
			Upstream: Input{Name: "now.yaml", Data: []byte(after)}, Baseline: &Input{Name: "was.yaml", Data: []byte(pets)},
			Operations: test.operations, AsOf: someDay,
		})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		rules := rulesOf(r)
		slices.Sort(rules)
		want := slices.Sorted(slices.Values(test.rules))
		if !slices.Equal(rules, want) || test.hit != nil && !slices.Equal(r.Changes[0].Operations, test.hit) {
			t.Errorf("%s: %s", test.name, formatChanges(r))
		}
		if noted := len(r.Notes) > 0; noted != (test.operations == nil) {
			t.Errorf("%s: notes %v", test.name, r.Notes)
		}
	}
}

// TestOneCauseOfManyPlaces checks that a change of a schema that is used in requests and
// responses is reported once: by the rule of the request if neither verdict is worse, with
// the shortest path, and at the place of the schema in the file.
func TestOneCauseOfManyPlaces(t *testing.T) {
	const found = "application/vnd.atlas.2024-01-01+json: {schema: {$ref: '#/components/schemas/Pet'}}"
	listed := strings.Replace(pets, found, "application/vnd.atlas.2024-01-01+json: {schema: {type: object, properties: {results: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}", 1)
	wrapped := strings.Replace(listed, "requestBody: {content: {"+found, "requestBody: {content: {application/vnd.atlas.2024-01-01+json: {schema: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}}", 1)
	for _, test := range []struct{ name, before, old, replacement, rule, message, pointer string }{
		{"additive both ways", listed, "{name: {type: string}", "{age: {type: integer}, name: {type: string}", "request-property-added",
			"age in the request and the response: a new field", "/components/schemas/Pet/properties/age"},
		{"a nested schema", wrapped, "{name: {type: string}", "{name: {type: string, maxLength: 9}", "request-bound-tightened",
			"name in the request and the response: maxLength was tightened from none to 9", "/components/schemas/Pet/properties/name/maxLength"},
		{"the shorter of two paths", strings.Replace(wrapped, "'201': {description: x, content: {"+found+"}}", "'204': {description: x}", 1), "[cat, dog]", "[cat, dog, emu]", "response-enum-value-added",
			"pet.kind in the request and the response: enum value emu was added", "/components/schemas/Pet/properties/kind/enum"},
		{"several values", pets, "[cat, dog]", "[cat, dog, emu, fox]", "response-enum-value-added",
			"kind in the request and the response: enum values [emu, fox] were added", "/components/schemas/Pet/properties/kind/enum"},
		{"six values", pets, "[cat, dog]", "[cat, dog, d1, d2, d3, d4, d5, d6]", "response-enum-value-added",
			"kind in the request and the response: enum values [d1, d2, d3, d4, d5, d6] were added", "/components/schemas/Pet/properties/kind/enum"},
		{"seven values", pets, "[cat, dog]", "[cat, dog, d1, d2, d3, d4, d5, d6, d7]", "response-enum-value-added",
			"kind in the request and the response: enum values [d1, d2, d3, d4, d5 and 2 more] were added", "/components/schemas/Pet/properties/kind/enum"},
		{"removed values", strings.Replace(pets, "[cat, dog]", "[ant, bee, cow, dog]", 1), "[ant, bee, cow, dog]", "[dog]", "request-enum-value-removed",
			"kind in the request and the response: enum values [ant, bee, cow] were removed", "/components/schemas/Pet/properties/kind/enum"},
		{"the enum", pets, ", enum: [cat, dog]", "", "response-enum-removed",
			"kind in the request and the response: the enum [cat, dog] was removed", "/components/schemas/Pet/properties/kind/enum"},
		{"the whole response", pets, "{schema: {type: object}}", "{schema: {type: array}}", "response-type-changed",
			"the response: the type changed from object to array", "/paths/~1api~1atlas~1v2~1groups~1{groupId}~1backup~1exportBuckets/get/responses/200/content/application~1vnd.atlas.2024-01-01+json/schema/type"},
	} {
		after := strings.Replace(test.before, test.old, test.replacement, 1)
		r := compareTexts(t, test.before, after)
		if len(r.Changes) != 1 {
			t.Errorf("%s:\n%s", test.name, formatChanges(r))
			continue
		}
		if c := r.Changes[0]; c.Rule != test.rule || c.Message != test.message || c.Pointer != test.pointer {
			t.Errorf("%s: %s at %s: %s", test.name, c.Rule, c.Pointer, c.Message)
		}
	}
}

func TestSelectionThatFails(t *testing.T) {
	baseline := &Input{Name: "was.yaml", Data: []byte(pets)}
	many := &Input{Name: "many.yaml", Data: []byte("openapi: 3.0.1\ninfo: {title: Many}\npaths:\n")}
	for i := range maxListed + 1 {
		many.Data = fmt.Appendf(many.Data, "  /api/atlas/v2/x%d: {get: {operationId: get%[1]d, responses: {'204': {description: x}}}}\n", i)
	}
	five := &Input{Name: "five.yaml", Data: many.Data[:bytes.LastIndex(many.Data, []byte("  /api"))]}
	without := strings.ReplaceAll(strings.ReplaceAll(pets, "/api/atlas/v2/pets", "/api/atlas/v2/animals"), "Pets", "Animals")
	for _, test := range []struct {
		name string
		o    Options
		want string
	}{
		{"not in the baseline", Options{Baseline: baseline, Operations: []string{"listPet"}}, `was.yaml: no operation matches "listPet" (of 3); did you mean "listPets"?`},
		{"not in the embedded contract", Options{Operations: []string{"listPets"}}, "to compare other operations than those of snapshot export buckets, pass a baseline that has them"},
		{"none of them upstream", Options{Upstream: Input{Name: "now.yaml", Data: []byte(without)}, Baseline: baseline, Operations: []string{"listPets"}}, "now.yaml: it has none of GET /api/atlas/v2/pets; its title is \"Animals\""},
		{"none of many upstream", Options{Upstream: *baseline, Baseline: many, Operations: []string{AllOperations}}, "was.yaml: it has none of the 6 operations of many.yaml"},
		{"none of five upstream", Options{Upstream: *baseline, Baseline: five, Operations: []string{AllOperations}}, "was.yaml: it has none of GET /api/atlas/v2/x0, GET /api/atlas/v2/x1, GET /api/atlas/v2/x2, GET /api/atlas/v2/x3, GET /api/atlas/v2/x4; its title"},
		{"no export buckets upstream", Options{Upstream: Input{Name: "now.yaml", Data: []byte(strings.ReplaceAll(without, "exportBuckets", "buckets"))}, Baseline: baseline}, "now.yaml: it has none of the operations under "},
	} {
		if test.o.Upstream.Name == "" { // the baseline's own will do
			test.o.Upstream = *baseline
		}
		if _, err := Compare(t.Context(), test.o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// TestSelectionOfTheContract checks that operations of the embedded contract can be selected,
// although it has a file for each version.
func TestSelectionOfTheContract(t *testing.T) {
	r, err := Compare(t.Context(), Options{Upstream: input(t, "now.yaml", contractTree(t, "2024-05-30")), Operations: []string{"getExportBucket"}, AsOf: someDay})
	if err != nil || r.Verdict != InSync {
		t.Errorf("%v %v", r, err)
	}
}

// TestAllOfTheContract compares all operations with the embedded contract, which is only a
// part of Atlas's specification: other operations are not new, but counted in a note.
func TestAllOfTheContract(t *testing.T) {
	more := changed(t, contractTree(t, "2024-05-30"), put("/paths/~1api~1atlas~1v2~1clusters", "{get: {operationId: listClusters, responses: {'200': {description: x}}}}"),
		put(listPath+"/put", "{operationId: replaceBuckets, responses: {'200': {description: x}}}"))
	r, err := Compare(t.Context(), Options{Upstream: input(t, "now.yaml", more), Operations: []string{AllOperations}, AsOf: someDay})
	if err != nil || len(r.Changes) != 1 || r.Changes[0].Rule != "operation-added" || !slices.Equal(r.Changes[0].Operations, []string{"replaceBuckets"}) {
		t.Fatalf("%v\n%s", err, formatChanges(r))
	}
	if !slices.ContainsFunc(r.Notes, func(n Note) bool {
		return n.Kind == "operations-not-compared" && strings.HasPrefix(n.Message, "not compared: 1 selected operation of upstream;")
	}) {
		t.Errorf("%v", r.Notes)
	}
}

// TestOperationsThatAreAllGone removes the export bucket operations from a copy of the
// contract, and then all paths. It is the same API, so the operations were removed.
func TestOperationsThatAreAllGone(t *testing.T) {
	var paths []step
	contract := contractTree(t, "2024-05-30")
	for path := range oas.Pairs(oas.Get(contract, "paths")) {
		paths = append(paths, put(oas.Join("/paths", path), ""))
	}
	none := changed(t, contract, paths...)
	others := changed(t, none, put("/paths/~1api~1atlas~1v2~1clusters", "{get: {operationId: listClusters, responses: {'200': {description: x}}}}"))
	for name, upstream := range map[string]*yaml.Node{"other operations remain": others, "none remain": none} {
		for baseline, from := range map[string]*yaml.Node{"the embedded contract": nil, "a file": contract} {
			r := compareTrees(t, from, upstream)
			if rules := slices.Compact(rulesOf(r)); r.Verdict != Breaking || !slices.Equal(rules, []string{"operation-removed"}) || len(r.Changes) != 5 {
				t.Errorf("%s, against %s: %s\n%s", name, baseline, r.Verdict, formatChanges(r))
			}
		}
		apart := changed(t, upstream, put("/info/title", "Another API"))
		if _, err := Compare(t.Context(), Options{Upstream: input(t, "apart.yaml", apart), AsOf: someDay}); err == nil || !strings.Contains(err.Error(), "another API") {
			t.Errorf("%s, under another title: %v", name, err)
		}
	}
}

// TestOtherOperations checks that the other operations of a small baseline are noted, and
// that the command to update a baseline names its operations, unless there are many.
func TestOtherOperations(t *testing.T) {
	for _, test := range []struct {
		others  int
		noted   bool
		command string
	}{
		{0, false, " --operations listExportBuckets --api-version 2024-01-01 --output was.yaml"},
		{maxOthers - 1, true, "get18 --api-version 2024-01-01 --output was.yaml"},
		{maxOthers, true, "cp now.yaml was.yaml"},
		{maxOthers + 1, false, "cp now.yaml was.yaml"},
	} {
		const media = "responses: {'200': {description: x, content: {application/vnd.atlas.2024-01-01+json: {schema: {type: object}}}}}"
		text := "openapi: 3.0.1\ninfo: {title: Pets}\npaths:\n  /api/atlas/v2/groups/{groupId}/backup/exportBuckets: {get: {operationId: listExportBuckets, " + media + "}}\n"
		for i := range test.others {
			text += fmt.Sprintf("  /api/atlas/v2/x%d: {get: {operationId: get%[1]d, %s}}\n", i, media)
		}
		r, err := Compare(t.Context(), Options{
			Upstream: Input{Name: "now.yaml", Data: []byte(strings.Replace(text, "type: object", "type: array", 1))}, Baseline: &Input{Name: "was.yaml", Data: []byte(text)}, AsOf: someDay,
		})
		if err != nil {
			t.Fatal(err)
		}
		noted := slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Kind == "operations-not-compared" && len(n.Operations) == test.others })
		if command := r.updatePlan.command(r); noted != test.noted || !strings.HasSuffix(command, test.command) {
			t.Errorf("%d others: noted %t, %s", test.others, noted, command)
		}
	}
}

// TestNamedOperations checks that a message about operations lists at most three of them.
func TestNamedOperations(t *testing.T) {
	for operations, want := range map[int]string{3: "get0, get1, get2: ", 4: "get0, get1, get2 and 1 more: "} {
		text := "openapi: 3.0.1\ninfo: {title: Pets}\nservers: [{url: 'https://a.example.com'}]\npaths:\n"
		for i := range operations {
			text += fmt.Sprintf("  /api/atlas/v2/x%d: {get: {operationId: get%[1]d, responses: {'204': {description: x}}}}\n", i)
		}
		r, err := Compare(t.Context(), Options{
			Upstream: Input{Name: "now.yaml", Data: []byte(strings.Replace(text, "//a.", "//b.", 1))}, Baseline: &Input{Name: "was.yaml", Data: []byte(text)},
			Operations: []string{AllOperations}, AsOf: someDay,
		})
		if err != nil || len(r.Changes) != 1 || !strings.HasPrefix(r.Changes[0].Message, want) {
			t.Errorf("%d operations: %v\n%s", operations, err, formatChanges(r))
		}
	}
}

// TestTrimmedSpecificationIsInSync checks that an operation extracted from the whole
// specification is in sync with that specification.
func TestTrimmedSpecificationIsInSync(t *testing.T) {
	whole := Input{Name: "whole.yaml", Data: shared(t, "atlas-v2-2026-08-19.yaml")}
	doc, err := oas.ParseBytes(whole.Name, whole.Data)
	if err != nil {
		t.Fatal(err)
	}
	ops, err := doc.Operations()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(ops); i += 60 * stride() {
		for _, version := range ops[i].Versions {
			cut, err := trim.Cut(doc, trim.Selection{Operations: []string{ops[i].String()}, Version: version})
			if err != nil {
				t.Fatal(err)
			}
			data, err := oas.Encode(cut.Root())
			if err != nil {
				t.Fatal(err)
			}
			r, err := Compare(t.Context(), Options{Upstream: whole, Baseline: &Input{Name: "cut.yaml", Data: data}, Operations: []string{ops[i].String()}, AsOf: someDay})
			if err != nil {
				t.Errorf("%s at %s: %v", ops[i], version, err)
			} else if slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Rule != "version-added" }) {
				t.Errorf("%s at %s: %s", ops[i], version, formatChanges(r))
			}
		}
	}
}

// TestTagsOfUpstream checks that a tag selects an operation of a baseline without tags if
// upstream's operation has the tag.
func TestTagsOfUpstream(t *testing.T) {
	after := strings.Replace(pets, "get: {operationId: listOurPets,", "get: {tags: [Pets], operationId: listOurPets,", 1)
	r, err := Compare(t.Context(), Options{
		Upstream: Input{Name: "now.yaml", Data: []byte(strings.Replace(after, "[cat, dog]", "[cat]", 1))}, Baseline: &Input{Name: "was.yaml", Data: []byte(pets)},
		Operations: []string{"tag:Pets"}, AsOf: someDay,
	})
	if err != nil || len(r.Changes) != 1 || !slices.Equal(r.Changes[0].Operations, []string{"listPets"}) {
		t.Errorf("%v %+v", err, r)
	}
}
