package schema

import (
	"fmt"
	"strings"
	"testing"
)

// numberTests are schemas of numbers, with valid and invalid values. The values differ in a
// digit that float64 cannot represent, or are outside its range.
var numberTests = []struct{ schema, right, wrong string }{
	{"{type: number, maximum: 1e400}", "1e400 10e399 9.9e399 -1e500 1e-500", "1e401 1.0000000000000000000000001e400"},
	{"{type: number, minimum: -1e400}", "-1e400 0 1e500", "-1e401"},
	{"{type: number, minimum: 1e400}", "1e400 1e401", "9e399 1 1e308"},
	{"{type: number, minimum: 1e-400}", "1e-400 1", "0 1e-401 -1e-400"},
	{"{type: number, maximum: 1e1000000000}", "1e1000000000 1", "1e1000000001"},
	{"{type: number, maximum: 9007199254740993}", "9007199254740993 9007199254740992", "9007199254740994 9007199254740993.5"},
	{"{type: number, maximum: 0.09999999999999999999}", "0.09999999999999999999 0.09", "0.1"},
	{"{type: number, minimum: 0.10000000000000000001}", "0.10000000000000000001 1", "0.1"},
	{"{type: number, maximum: 123456789012345678901234567890}", "123456789012345678901234567890", "123456789012345678901234567891"},
	{"{type: number, multipleOf: 9007199254740993}", "9007199254740993 18014398509481986 0", "9007199254740992 18014398509481984"},
	{"{type: number, multipleOf: 2}", "18014398509481986 1e400", "18014398509481985"},
	{"{type: number, multipleOf: 0.1}", "0.3 1.1 1e20", "0.35 12345678901234567.85"},
	{"{type: number, multipleOf: 0.01}", "19.99 4.35 1234567890123456.78", "19.999"},
	{"{type: number, multipleOf: 1e400}", "1e400 3e400 0", "1 1e399"},
	{"{type: number, multipleOf: 1e-400}", "1e-400 0", ""},
	{"{type: integer}", "1e400 1.0 123456789012345678901234567890 1e2", "1.5 1e-400 123456789012345678901234567890.5"},
	{"{type: integer, enum: [9007199254740993]}", "9007199254740993", "9007199254740992"},
	{"{type: number, enum: [1e400, 2]}", "1e400 10e399 2 2.0", "1e401 1.7976931348623157e308 3"},
	{"{enum: [[9007199254740993], {a: 1e400}]}", `[9007199254740993] {"a":1e400} {"a":10e399}`, `[9007199254740992] {"a":1e401} {"a":1}`},
	{"{type: number, enum: [0]}", "0 0.0 -0", "1e-400 1"},
	{"{type: array, items: {type: number}, uniqueItems: true}", "[9007199254740992,9007199254740993] [1e400,1e401] [1e-400,0]", "[9007199254740993,9007199254740993.0] [1e400,10e399] [1,1.0]"},
	{"{type: array, items: {}, uniqueItems: true}", `[[9007199254740992],[9007199254740993]] [{"a":1e400},{"a":1e401}]`, `[[1],[1.0]] [{"a":1e400},{"a":10e399}]`},
}

// modernNumberTests use keywords of OpenAPI 3.1.
var modernNumberTests = []struct{ schema, right, wrong string }{
	{"{type: number, exclusiveMaximum: 1e400}", "9e399", "1e400 1e401"},
	{"{type: number, exclusiveMinimum: 9007199254740992}", "9007199254740993", "9007199254740992"},
	{"{const: 9007199254740993}", "9007199254740993", "9007199254740992"},
	{"{const: 1e400}", "1e400 10e399", "1e401 1.7976931348623157e308"},
	{"{const: [1e400]}", "[1e400]", "[1e401]"},
}

// TestNumbers validates numbers with both engines of kin-openapi: that of OpenAPI 3.0, and
// that of 3.1, which a keyword next to the number selects.
func TestNumbers(t *testing.T) {
	const modern = ", dependentRequired: {x: [n]}"
	for _, form := range []struct{ version, keyword string }{{"3.0.3", ""}, {"3.1.0", ""}, {"3.1.0", modern}} {
		tests := numberTests
		if form.version == "3.1.0" {
			tests = append(tests[:len(tests):len(tests)], modernNumberTests...)
		}
		for _, test := range tests {
			source := fmt.Sprintf("openapi: %s\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {Root: {type: object, properties: {n: %s}%s}}}\n", form.version, test.schema, form.keyword)
			s := compiledAt(t, indexOf(t, source), root, Response)
			for _, value := range strings.Fields(test.right) {
				if failures := s.Check([]byte(`{"n":` + value + `}`)).Failures; len(failures) > 0 {
					t.Errorf("%s%s: %s: %s: %v", form.version, form.keyword, test.schema, value, failures)
				}
			}
			for _, value := range strings.Fields(test.wrong) {
				if len(s.Check([]byte(`{"n":`+value+`}`)).Failures) == 0 {
					t.Errorf("%s%s: %s: no failure in %s", form.version, form.keyword, test.schema, value)
				}
			}
		}
	}
}
