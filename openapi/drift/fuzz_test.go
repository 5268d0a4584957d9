package drift

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// FuzzEdits edits a specification with a program of four bytes per edit, and compares the
// result with the original, in the direction that the first byte selects. There must be no
// panic and no endless work, and the report must be the same on every run. FuzzText
// compares with the embedded contract.
func FuzzEdits(f *testing.F) {
	for i := range 2 * edits {
		f.Add([]byte{byte(i), byte(7 * i), byte(i % edits), byte(11 * i)})
	}
	f.Add([]byte("one two three four five six "))
	source, err := os.ReadFile("testdata/edits.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		if len(program) < 4 || len(program) > 48 {
			return
		}
		backward := program[0]%2 == 1
		after := parseTree(t, source)
		for ; len(program) >= 4; program = program[4:] {
			edit(after, [4]byte(program))
		}
		if size(after) > 2000 {
			return
		}
		old, edited := Input{Name: "before.yaml", Data: source}, input(t, "after.yaml", after)
		if backward {
			old, edited = edited, old
		}
		holdReport(t, Options{Baseline: &old, Upstream: edited, AsOf: someDay, SunsetLead: 1000})
	})
}

func holdReport(t *testing.T, o Options) {
	t.Helper()
	if first, again := formatReport(t, o), formatReport(t, o); first != again {
		t.Errorf("the first run reports\n%s\nthe second\n%s", first, again)
	}
}

func size(n *yaml.Node) int {
	total := 1
	for _, child := range n.Content {
		total += size(child)
	}
	return total
}

// edits is the number of kinds of edits.
const edits = 9

// edit changes one place of a tree. code selects the place and the change.
func edit(root *yaml.Node, code [4]byte) {
	var owners []*yaml.Node
	eachNode(root, func(n *yaml.Node) {
		if len(n.Content) > 0 {
			owners = append(owners, n)
		}
	})
	owner := owners[(int(code[0])<<8|int(code[1]))%len(owners)]
	width := 1
	if owner.Kind == yaml.MappingNode {
		width = 2
	}
	i := int(code[3]) % (len(owner.Content) / width) * width
	other := owners[int(code[3])*37%len(owners)]
	value := owner.Content[i+width-1]
	switch code[2] % edits {
	case 0:
		owner.Content = append(owner.Content[:i:i], owner.Content[i+width:]...)
	case 1:
		owner.Content[i+width-1] = clone(other)
	case 2:
		owner.Content[i+width-1] = literal(words[int(code[3])%len(words)])
	case 3:
		oas.Set(owner, keys[int(code[3])%len(keys)], literal(words[int(code[1])%len(words)]))
	case 4:
		oas.Set(owner, keys[int(code[3])%len(keys)], clone(other))
	case 5:
		owner.Content[i+width-1] = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{value}}
	case 6:
		owner.Content[i+width-1] = literal("{allOf: [], oneOf: []}")
		list := oas.Get(owner.Content[i+width-1], []string{"allOf", "oneOf"}[code[3]%2])
		list.Content = append(list.Content, value, clone(other))
	case 7:
		if references := references(root); len(references) > 0 {
			owner.Content[i+width-1] = literal("{$ref: '" + references[int(code[3])%len(references)] + "'}")
		}
	case 8:
		if owner.Kind == yaml.MappingNode {
			owner.Content[i] = oas.String(keys[int(code[3])%len(keys)])
		}
	}
}

func references(root *yaml.Node) []string {
	var out []string
	for section, members := range oas.Pairs(oas.Get(root, "components")) {
		for name := range oas.Pairs(members) {
			out = append(out, "#"+oas.Join("/components", section, name))
		}
	}
	return out
}

var keys = []string{
	"type", "properties", "required", "items", "allOf", "oneOf", "anyOf", "not", "enum", "const", "nullable", "readOnly", "writeOnly", "deprecated",
	"default", "pattern", "format", "minLength", "maxLength", "minimum", "exclusiveMinimum", "additionalProperties", "discriminator", "mapping",
	"propertyName", "$ref", "schema", "content", "headers", "responses", "parameters", "requestBody", "security", "servers", "in", "name", "200", "204",
	"application/json", "application/vnd.atlas.2023-01-01+json", "x-sunset", "openapi", "get", "a/b", "~0", "",
}

var words = []string{
	"true", "false", "null", "0", "-1", "1e9", "99999999999999999999", "''", "string", "integer", "[string, 'null']", "[]", "{}", "'^(?!a)b$'", "'('",
	"'2027-07-01'", "2027-07-01", "soon", "query", "path", "header", "'#/components/schemas/Link'", "{$ref: '#/components/schemas/Page'}", "3.1.0",
	"[{url: '/x'}]", "[{}]", "[{Nobody: []}]", "'http://[::1'", "{propertyName: cloudProvider, mapping: {A: Link, B: Page}}", ".inf", "0x10", "é\u202e",
}

// FuzzText compares any text with the embedded contract.
func FuzzText(f *testing.F) {
	f.Add("openapi: 3.0.1\npaths:\n  /api/atlas/v2/groups/{a}/backup/exportBuckets:\n    get:\n      responses: {'200': {description: x}}\n")
	f.Add(`{"openapi":"3.1.0","paths":{"/api/atlas/v2/groups/{a}/backup/exportBuckets":{"get":{"responses":{"200":{"content":{"application/vnd.atlas.2024-05-30+json":{"schema":{"type":["object"]}}}}}}}}}`)
	f.Add("<html>")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 16<<10 {
			return
		}
		holdReport(t, Options{Upstream: Input{Name: "text", Data: []byte(text)}, AsOf: someDay})
	})
}

// FuzzAcceptances reads any text as a file of accepted changes. Acceptances that can be
// read must be the same after they are written and read again.
func FuzzAcceptances(f *testing.F) {
	for _, seed := range []string{
		"accepted:\n- id: a\n  reason: b\n  expires: 2027-01-01\n  change: c\n  old: \"null\"\n  new: '\"x\"'\n",
		`{"accepted": [{"id": "a", "reason": "r"}, {"id": "b", "reason": "s", "expires": null}]}`,
		"# nothing\n", "accepted: []", "accepted: &a [*a]", "accepted: [{id: a, reason: !!binary aGk=}]", "accepted:\n- {id: a, id: b}",
		"accepted: [{id: \"\\x00\", reason: |2-\n\n   x\n}]", "a: b\n? [c]\n: d", "--- \n...\n---\n", "\ufeffaccepted: []",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ReadAcceptances("text", strings.NewReader(text))
		if err != nil {
			return
		}
		written, err := a.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadAcceptances("written", bytes.NewReader(written))
		if err != nil || !slices.Equal(a.Accepted, again.Accepted) {
			t.Errorf("%v, and then %v, %v\n%s", a.Accepted, again, err, written)
		}
	})
}

// formatReport returns the whole result of a comparison, in two formats.
func formatReport(t *testing.T, o Options) string {
	t.Helper()
	r, err := Compare(t.Context(), o)
	if err != nil {
		return err.Error()
	}
	if (r.Verdict == InSync) != (len(r.Changes) == 0) {
		t.Errorf("%s with %d changes", r.Verdict, len(r.Changes))
	}
	seen := make(map[string]bool)
	for _, c := range r.Changes {
		if seen[c.ID] || len(c.Operations) == 0 || len(c.Versions) == 0 || c.Pointer == "" && c.Rule != "prose-changed" || strings.TrimSpace(c.Message) == "" {
			t.Errorf("an incomplete change: %+v", c)
		}
		seen[c.ID] = true
	}
	var out bytes.Buffer
	for _, format := range []report.Format{report.JSON, report.Text} {
		if err := report.Write(&out, format, r.model("", Planning), report.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}
