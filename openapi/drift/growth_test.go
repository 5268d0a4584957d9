package drift

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// chain returns n schemas, each of which has the next one as a property, and a last one.
func chain(n int, last string) string {
	return "components: {schemas: {" + limitstest.List(n, func(i int) string {
		return fmt.Sprintf("S%d: {type: object, properties: {p: {$ref: '#/components/schemas/S%d'}}}", i, i+1)
	}) + fmt.Sprintf(", S%d: %s}}, ", n, last) + sent("{$ref: '#/components/schemas/S0'}")
}

// cycle returns a chain whose last schema refers to the first, and has one property more
// than the others.
func cycle(n int) string {
	return chain(n, "{type: object, properties: {p: {$ref: '#/components/schemas/S0'}, q: {type: string}}}")
}

// derivedSchemas returns n schemas that inherit from one base, each of which is a field of the
// request.
func derivedSchemas(n int, base string) string {
	return "components: {schemas: {Base: " + base + ", " + limitstest.List(n, func(i int) string {
		return fmt.Sprintf("S%d: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {own%[1]d: {type: string}}}]}", i)
	}) + "}}, " + sent("{type: object, properties: {"+limitstest.List(n, func(i int) string { return fmt.Sprintf("f%d: {$ref: '#/components/schemas/S%[1]d'}", i) })+"}}")
}

// growing contains functions that return two versions of an API with one operation, in which
// one thing has the size n, by the name of that thing.
var growing = map[string]func(n int) (old, latest string){
	"properties that change": func(n int) (string, string) {
		of := func(kind string) string {
			return sent("{type: object, properties: {" + limitstest.List(n, func(i int) string { return fmt.Sprintf("p%d: {type: %s}", i, kind) }) + "}}")
		}
		return of("string"), of("integer")
	},
	"values that are added and removed": func(n int) (string, string) {
		of := func(first int) string {
			return read("{type: string, enum: [" + limitstest.List(n, func(i int) string { return fmt.Sprintf("v%d", first+i) }) + "]}")
		}
		return of(0), of(n / 2)
	},
	"values in two lists": func(n int) (string, string) {
		list := "{enum: [" + limitstest.List(n, func(i int) string { return fmt.Sprintf("v%d", i) }) + "]}"
		return sent("{type: string, allOf: [" + list + ", " + list + "]}"), sent(list)
	},
	"a chain of references": func(n int) (string, string) { return chain(n, "{type: string}"), chain(n, "{type: integer}") },
	"schemas that each refer twice to the next": func(n int) (string, string) {
		double := func(last string) string {
			return strings.ReplaceAll(chain(n/4, last), "properties: {p: ", "properties: {q: {type: string}, p: ")
		}
		return double("{type: string}"), double("{type: integer}")
	},
	"a field lost by all schemas derived from a base": func(n int) (string, string) {
		return derivedSchemas(n, "{properties: {a: {type: string}, b: {type: string}}}"), derivedSchemas(n, "{properties: {a: {type: string}}}")
	},
	"parameters with other names": func(n int) (string, string) {
		of := func(prefix string) string {
			return "parameters: [" + limitstest.List(n, func(i int) string {
				return fmt.Sprintf("{name: %s%d, in: query, deprecated: true, schema: {type: string}}", prefix, i)
			}) + "]"
		}
		return of("a"), of("b")
	},
	"headers and statuses": func(n int) (string, string) {
		of := func(name string) string {
			return "responses: {" + limitstest.List(n, func(i int) string {
				return fmt.Sprintf("'4%03d': {description: x, headers: {%s%d: {schema: {type: string}}}}", i, name, i)
			}) + ", '200': {description: x}}"
		}
		return of("A"), of("B")
	},
	"unions of many forms": func(n int) (string, string) {
		of := func(kind string) string {
			return sent("{type: object, properties: {" + limitstest.List(max(n/40, 1), func(i int) string {
				return fmt.Sprintf("u%d: {oneOf: [%s]}", i, limitstest.List(40, func(j int) string { return fmt.Sprintf("{type: object, properties: {p%d: {type: %s}}}", j, kind) }))
			}) + "}}")
		}
		return of("string"), of("integer")
	},
	"ways to authenticate": func(n int) (string, string) {
		of := func(name string) string {
			return "security: [" + limitstest.List(n, func(i int) string { return fmt.Sprintf("{%s%d: []}", name, i) }) + "], components: {securitySchemes: {" +
				limitstest.List(n, func(i int) string { return fmt.Sprintf("%s%d: {type: apiKey, in: header, name: %[1]s%d}", name, i, i) }) + "}}"
		}
		return of("A"), of("B")
	},
	"deprecated fields": func(n int) (string, string) {
		one := read("{type: object, properties: {" + limitstest.List(n, func(i int) string { return fmt.Sprintf("p%d: {type: string, deprecated: true}", i) }) + "}}")
		return one, one
	},
}

// TestGrowth checks that the cost of a comparison, in steps and in allocated bytes, grows
// no faster than n log n with its input.
func TestGrowth(t *testing.T) {
	slowtest.Skip(t)
	for shape, of := range growing {
		pairs := make(map[int]Options)
		for _, n := range []int{100, 200, 400} {
			old, latest := of(n)
			baseline := input(t, "baseline.yaml", thing(t, old))
			pairs[n] = Options{Baseline: &baseline, Upstream: input(t, "upstream.yaml", thing(t, latest)), Operations: []string{AllOperations}, AsOf: someDay}
		}
		limitstest.Growth(t, shape+", steps", 100, func(n int) int64 {
			c, err := newComparison(t.Context(), pairs[n])
			if err != nil {
				t.Fatalf("%s: %v", shape, err)
			}
			if _, err := c.run(); err != nil {
				t.Fatalf("%s: %v", shape, err)
			}
			return c.budget.Used().Work
		})
		limitstest.Growth(t, shape+", bytes", 100, func(n int) int64 {
			return limitstest.Memory(func() {
				if _, err := Compare(t.Context(), pairs[n]); err != nil {
					t.Fatalf("%s: %v", shape, err)
				}
			})
		})
	}
}

// TestWorkIsBounded compares two cycles whose lengths have no common factor, so that every
// schema of one is compared with every schema of the other.
func TestWorkIsBounded(t *testing.T) {
	slowtest.Skip(t)
	old, latest := thing(t, cycle(3998)), thing(t, cycle(3999))
	baseline := input(t, "baseline.yaml", old)
	o := Options{Baseline: &baseline, Upstream: input(t, "upstream.yaml", latest), Operations: []string{AllOperations}, AsOf: someDay}
	var exceeded *limits.ExceededError
	if _, err := Compare(t.Context(), o); !errors.As(err, &exceeded) || exceeded.Operation != "createThing" || !strings.HasPrefix(exceeded.Place, "/components/schemas/S") {
		t.Errorf("%v; want an error with the bound, the operation and the place", err)
	}
}

// TestCancel cancels a comparison after various numbers of checks of the context, and checks
// that it ends there.
func TestCancel(t *testing.T) {
	old, latest := growing["properties that change"](500)
	baseline := input(t, "baseline.yaml", thing(t, old))
	o := Options{Baseline: &baseline, Upstream: input(t, "upstream.yaml", thing(t, latest)), Operations: []string{AllOperations}, AsOf: someDay}
	whole := &countingContext{Context: t.Context(), after: -1}
	if _, err := Compare(whole, o); err != nil {
		t.Fatal(err)
	}
	for _, after := range []int{0, 1, whole.asked / 2, whole.asked - 1} {
		ctx := &countingContext{Context: t.Context(), after: after}
		if _, err := Compare(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("canceled after %d of %d checks of the context: %v", after, whole.asked, err)
		}
		if ctx.asked > after+5 {
			t.Errorf("canceled after %d checks of the context, but there were %d more", after, ctx.asked-after)
		}
	}
}

// countingContext is canceled after Err was called the given number of times; -1 means
// never.
type countingContext struct {
	context.Context //nolint:containedctx // it is a context
	asked, after    int
}

func (c *countingContext) Err() error {
	if c.asked++; c.after >= 0 && c.asked > c.after {
		return context.Canceled
	}
	return nil
}
