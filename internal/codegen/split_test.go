package codegen

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// splitSpec has two tags that share a schema, an operation without a tag, and a path
// whose parameter has the name of an import.
const splitSpec = `
openapi: 3.0.3
info: {title: Zoo, version: "1"}
paths:
  /cats/{url}:
    parameters: [{in: path, name: url, required: true, schema: {type: string}}]
    get:
      operationId: getCat
      tags: [Cats & Dogs, Other]
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}}
    put:
      operationId: putCat
      tags: [Cats & Dogs]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}
      responses: {'204': {description: Done}}
  /birds:
    get:
      operationId: listBirds
      tags: [Birds]
      parameters: [{in: query, name: color, schema: {type: string, enum: [red, blue]}}]
      responses: {'200': {description: OK, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Bird'}}}}}}
  /health:
    get:
      operationId: health
      responses: {'204': {description: Fine}}
components:
  schemas:
    Cat: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}, mood: {$ref: '#/components/schemas/Mood'}}}
    Mood: {type: string, enum: [good, bad]}
    Bird: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}, born: {type: string, format: date-time}}}
    Name: {type: object, properties: {text: {type: string}}}
`

var splitTags = map[string]string{"GET /cats/{url}": "Cats & Dogs", "PUT /cats/{url}": "Cats & Dogs", "GET /birds": "Birds"}

// TestSplit checks that each declaration is in one part, that the parts compile together and
// pass go vet, and that a second run writes the same parts.
func TestSplit(t *testing.T) {
	needsGenerator(t)
	t.Parallel()
	code, err := Generate(t.Context(), Request{Package: "zoo", Document: []byte(splitSpec), Tool: "test"})
	if err != nil {
		t.Fatal(err)
	}
	fileOf := func(part string) string { return "zoo-" + part + ".go" }
	parts, err := Split(code, splitTags, fileOf)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Split(code, splitTags, fileOf)
	if err != nil || !maps.EqualFunc(parts, again, bytes.Equal) {
		t.Errorf("a second split differs, %v", err)
	}
	if got, want := slices.Sorted(maps.Keys(parts)), []string{"zoo-.go", "zoo-birds.go", "zoo-cats-dogs.go", "zoo-models.go", "zoo-operations.go"}; !slices.Equal(got, want) {
		t.Fatalf("parts %q, want %q", got, want)
	}
	for declaration, want := range map[string]string{
		"type Client struct": "", "type ClientInterface interface": "", "type RequestEditorFn func": "", "func NewClient(": "", "func decodeJSON[": "",
		"func (c *Client) applyEditors(": "", "func WithHTTPClient(": "", "const maxResponseBytes": "",
		"type Cat struct": "cats-dogs", "type Mood string": "cats-dogs", "MoodGood Mood = ": "cats-dogs", "func (e Mood) Valid()": "cats-dogs",
		"func NewPutCatRequest(": "cats-dogs", "func NewPutCatRequestWithBody(": "cats-dogs", "func (c *Client) GetCat(": "cats-dogs", "func ParseGetCatResponse(": "cats-dogs",
		"func (c *ClientWithResponses) PutCatWithBodyWithResponse(": "cats-dogs", "type PutCatJSONRequestBody = Cat": "cats-dogs",
		"type Bird struct": "birds", "type ListBirdsParams struct": "birds", "type ListBirdsResponse struct": "birds", "func (r ListBirdsResponse) Status()": "birds",
		"type Name struct":       "models",
		"func NewHealthRequest(": "operations",
	} {
		var found []string
		for name, part := range parts {
			if bytes.Contains(part, []byte(declaration)) {
				found = append(found, name)
			}
		}
		if want = fileOf(want); len(found) != 1 || found[0] != want {
			t.Errorf("%s is in the parts %q, want %q", declaration, found, want)
		}
	}
	if got, want := OtherFiles(parts["zoo-.go"]), []string{"zoo-birds.go", "zoo-cats-dogs.go", "zoo-models.go", "zoo-operations.go"}; !slices.Equal(got, want) {
		t.Errorf("the client's header lists %q, want %q", got, want)
	}
	for name, part := range parts {
		if !IsGenerated(part) {
			t.Errorf("part %q is not marked as generated", name)
		}
	}
	if err := check(t.Context(), parts); err != nil {
		t.Error(err)
	}
	if whole, sum := lines(code), lines(slices.Concat(slices.Collect(maps.Values(parts))...)); !cmp.Equal(whole, sum) {
		t.Errorf("the parts have other lines than the whole (-whole +parts):\n%s", cmp.Diff(whole, sum))
	}
}

// lines counts the lines of code, except those that every file has.
func lines(code []byte) map[string]int {
	count := make(map[string]int)
	for line := range strings.Lines(string(code)) {
		trimmed := strings.TrimSpace(line)
		imported := strings.HasSuffix(trimmed, `"`) && strings.Count(trimmed, `"`) == 2 && !strings.ContainsAny(trimmed, "=:(,`.") || strings.HasPrefix(trimmed, `"github.com/`) || strings.HasPrefix(trimmed, "import")
		if trimmed == "// Its other files:" || strings.HasPrefix(trimmed, "//\tzoo-") {
			continue
		}
		if trimmed != "" && trimmed != ")" && trimmed != "//" && !imported && !strings.HasPrefix(trimmed, "package ") && !strings.HasPrefix(trimmed, "// Code generated") {
			count[trimmed]++
		}
	}
	return count
}

func TestPartName(t *testing.T) {
	for tag, want := range map[string]string{
		"Cloud Backups": "cloud-backups", "AWS / Azure": "aws-azure", "linux": "linux", "日本": "u65e5-u672c", "": "operations", "..": "operations", "../x": "x",
	} {
		if got := partName(tag); got != want {
			t.Errorf("%q: %q, want %q", tag, got, want)
		}
	}
}
