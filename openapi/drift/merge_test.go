package drift

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestSameChangeOfEveryOperation checks that the same change of every operation is one
// entry, even if each operation has its own declaration.
func TestSameChangeOfEveryOperation(t *testing.T) {
	doc := func(parameter, header string) string {
		operation := fmt.Sprintf("{parameters: [%s], responses: {'200': {description: x, headers: {%s}}}}", parameter, header)
		return "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://h.example'}]\npaths:\n  /a: {get: " + operation + "}\n  /b: {get: " + operation + "}\n"
	}
	const q = "{name: q, in: query, schema: {type: string}}"
	for name, tt := range map[string]struct {
		before, after string
		want          int
	}{
		"new parameter":       {doc("", ""), doc(q, ""), 1},
		"removed parameter":   {doc(q, ""), doc("", ""), 1},
		"new header":          {doc("", ""), doc("", "X-Rate: {schema: {type: integer}}"), 1},
		"renamed parameter":   {doc(q, ""), doc(strings.Replace(q, "name: q", "name: quick", 1), ""), 2},
		"bound of parameters": {doc(q, ""), doc(strings.Replace(q, "string}", "string, maxLength: 3}", 1), ""), 2},
	} {
		if r := compareTexts(t, tt.before, tt.after); len(r.Changes) != tt.want {
			t.Errorf("%s: want %d entries\n%s", name, tt.want, formatChanges(r))
		}
	}
}

// TestCorrectedStatus checks that a status that a correction adds to upstream's operations is
// not reported as removed.
func TestCorrectedStatus(t *testing.T) {
	declared := base(t)
	apply(t, declared, []step{put(listPath+"/get/responses/406", "{description: x, content: {application/json: {schema: {$ref: '#/components/schemas/ApiError'}}}}")})
	r := compareTrees(t, declared, base(t))
	if slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Rule == "error-status-removed" }) {
		t.Error(formatChanges(r))
	}
}

// TestUnknownExclusion checks that the error names the excluded operation that neither document
// has.
func TestUnknownExclusion(t *testing.T) {
	for _, words := range [][]string{{"listPets", "-nothing"}, {"listPets", "-createPet", "-nothing"}} {
		_, err := Compare(t.Context(), Options{
			Upstream: Input{Name: "now.yaml", Data: []byte(pets)}, Baseline: &Input{Name: "was.yaml", Data: []byte(pets)}, Operations: words, AsOf: someDay,
		})
		if err == nil || !strings.Contains(err.Error(), `"nothing"`) {
			t.Errorf("%q: %v", words, err)
		}
	}
}
