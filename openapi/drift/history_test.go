package drift

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

func base(t testing.TB) *yaml.Node {
	t.Helper()
	source, err := os.ReadFile("testdata/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return parseTree(t, source)
}

const schemas = "/components/schemas/DiskBackupSnapshot"

// step is one edit of a specification: a pointer and its new value; "" removes the value.
type step [2]string

func put(at, value string) step { return step{at, value} }

func apply(t testing.TB, root *yaml.Node, steps []step) {
	t.Helper()
	for _, s := range steps {
		at := oas.Split(s[0])
		owner := node(t, root, oas.Join("", at[:len(at)-1]...))
		last := at[len(at)-1]
		switch i, err := strconv.Atoi(last); {
		case err == nil && owner.Kind == yaml.SequenceNode && s[1] == "":
			owner.Content = slices.Delete(owner.Content, i, i+1)
		case last == "-":
			owner.Content = append(owner.Content, literal(s[1]))
		case s[1] == "":
			oas.Remove(owner, last)
		default:
			oas.Set(owner, last, literal(s[1]))
		}
	}
}

// exportBucketPaths is the beginning of the pointers of the export bucket operations.
const exportBucketPaths = "/paths/~1api~1atlas~1v2~1groups~1{groupId}~1backup~1exportBuckets"

// historySteps are changes that upstream made to this API.
var historySteps = []struct {
	name    string
	first   []step
	then    []step
	verdict Verdict
	rules   []string
}{
	{
		name: "fields become required, lengths and patterns are added",
		then: []step{
			put(schemas+"AzureExportBucketRequest/required/-", "serviceUrl"),
			put(schemas+"AWSExportBucketResponse/properties/bucketName/maxLength", "63"),
			put(schemas+"AWSExportBucketRequest/allOf/1/properties/bucketName/maxLength", "63"),
			put("/components/parameters/exportBucketId/schema/pattern", "^[a-z]{24}$"),
		},
		verdict: Breaking,
		rules:   []string{"request-property-required", "response-bound-tightened", "request-bound-tightened", "request-pattern-changed"},
	},
	{
		name: "unions lose their oneOf, a field is no longer required",
		first: []step{
			put(schemas+"ExportBucketRequest/oneOf", "[{$ref: '#"+schemas+"AWSExportBucketRequest'}, {$ref: '#"+schemas+"AzureExportBucketRequest'}]"),
			put(schemas+"ExportBucketResponse/oneOf", "[{$ref: '#"+schemas+"AWSExportBucketResponse'}, {$ref: '#"+schemas+"AzureExportBucketResponse'}]"),
		},
		then: []step{
			put(schemas+"ExportBucketRequest/oneOf", ""), put(schemas+"ExportBucketResponse/oneOf", ""),
			put(schemas+"AzureExportBucketRequest/required/0", ""),
			put("/security", "[{DigestAuth: []}, {ServiceAccounts: []}]"),
			put("/components/schemas/NoBody", ""),
			put(exportBucketPaths+"~1{exportBucketId}/delete/responses/204/content/application~1vnd.atlas.2023-01-01+json/schema", ""),
		},
		verdict: Additive,
		rules:   []string{"request-property-optional"},
	},
	{
		name: "a third provider and another status are added",
		then: []step{
			put(schemas+"ExportBucketRequest/discriminator/mapping/GCP", "'#"+schemas+"GCPRequest'"),
			put(schemas+"ExportBucketResponse/discriminator/mapping/GCP", "'#"+schemas+"GCPResponse'"),
			put(schemas+"GCPRequest", "{type: object, allOf: [{$ref: '#"+schemas+"ExportBucketRequest'}], required: [cloudProvider]}"),
			put(schemas+"GCPResponse", "{type: object, allOf: [{$ref: '#"+schemas+"ExportBucketResponse'}], required: [cloudProvider]}"),
			put(schemas+"ExportBucketRequest/properties/cloudProvider/enum/-", "GCP"),
			put(schemas+"ExportBucketResponse/properties/cloudProvider/enum/-", "GCP"),
			put(schemas+"AWSExportBucketResponse/properties/cloudProvider/enum/-", "GCP"),
			put(exportBucketPaths+"/get/responses/404", "{$ref: '#/components/responses/notFound'}"),
		},
		verdict: Tolerate,
		// The response of 2023-01-01 has no union, so the new enum value is reported. In a
		// branch of a union it is not reported: it selects the new branch, which is
		// reported.
		rules: []string{"response-enum-value-added", "response-branch-added", "status-added", "request-branch-added"},
	},
	{
		name: "the sunset moves",
		then: []step{
			put(exportBucketPaths+"/get/responses/200/content/application~1vnd.atlas.2023-01-01+json/x-sunset", "'2028-01-01'"),
			put(exportBucketPaths+"/post/responses/200/content/application~1vnd.atlas.2023-01-01+json/x-sunset", "'2028-01-01'"),
			put(exportBucketPaths+"~1{exportBucketId}/get/responses/200/content/application~1vnd.atlas.2023-01-01+json/x-sunset", "'2028-01-01'"),
		},
		verdict: Planning,
		rules:   []string{"sunset-moved", "sunset-moved", "sunset-moved"},
	},
	{
		name: "fields become nullable, and a request that cannot be null",
		then: []step{
			put("/components/schemas/ApiError/properties/detail/nullable", "true"),
			put("/components/schemas/ApiError/properties/reason/nullable", "true"),
			put("/components/schemas/BadRequestDetail/nullable", "true"),
			put(schemas+"ExportBucketRequest/nullable", "true"),
		},
		verdict: Tolerate,
		rules:   []string{"response-nullable-added", "response-nullable-added", "response-nullable-added"},
	},
}

// TestStepsOfHistory checks the verdicts on real changes of this API, applied to a small
// specification.
func TestStepsOfHistory(t *testing.T) {
	for _, test := range historySteps {
		t.Run(test.name, func(t *testing.T) {
			before := base(t)
			apply(t, before, test.first)
			after := clone(before)
			apply(t, after, test.then)
			r := compareTrees(t, before, after)
			var rules []string
			for _, c := range r.Changes {
				rules = append(rules, c.Rule)
			}
			slices.Sort(rules)
			slices.Sort(test.rules)
			if r.Verdict != test.verdict || !slices.Equal(rules, test.rules) {
				t.Errorf("%s, want %s with %v\n%s", r.Verdict, test.verdict, test.rules, formatChanges(r))
			}
		})
	}
}

// TestRealHistory compares the real specifications, if they are next to the checkout.
func TestRealHistory(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(shared(t, "history/expected.tsv"))), "\n")
	for _, line := range lines[1:] {
		columns := strings.Split(line, "\t")
		t.Run(columns[0], func(t *testing.T) {
			most, err := strconv.Atoi(columns[2])
			if err != nil {
				t.Fatal(err)
			}
			baseline := Input{Name: "before", Data: shared(t, "history/"+columns[0]+"-before.yaml")}
			r, err := Compare(t.Context(), Options{Upstream: Input{Name: "after", Data: shared(t, "history/"+columns[0]+"-after.yaml")}, Baseline: &baseline, AsOf: someDay})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(counted(r)); string(r.Verdict) != columns[1] || n > most || n == 0 {
				t.Errorf("%s with %d entries, want %s with at most %d\n%s", r.Verdict, n, columns[1], most, formatChanges(r))
			}
			t.Logf("%s, %d entries of at most %d", r.Verdict, len(counted(r)), most)
		})
	}
}

func TestSourceOfContractIsInSync(t *testing.T) {
	slowtest.Skip(t)
	data := shared(t, "atlas-v2-2026-08-19.yaml")
	for name, data := range map[string][]byte{
		"as it is":                data,
		"with another sha":        []byte(strings.Replace(string(data), "x-xgen-sha: ", "x-xgen-sha: 0", 1)),
		"with other descriptions": []byte(strings.ReplaceAll(string(data), "MongoDB", "This company")),
		"with Windows' line ends": []byte(strings.ReplaceAll(string(data), "\n", "\r\n")),
	} {
		r, err := Compare(t.Context(), Options{Upstream: Input{Name: name, Data: data}, SunsetLead: DefaultSunsetLead, AsOf: someDay})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.Verdict != InSync {
			t.Errorf("%s: %s\n%s", name, r.Verdict, formatChanges(r))
		}
	}
}

// BenchmarkCompare measures a comparison, and reading the file without comparing it. On the
// machines of this project, a comparison may take 0.8 s and 200 MB.
func BenchmarkCompare(b *testing.B) {
	for _, name := range []string{"atlas-v2-2026-08-19.yaml", "atlas-v2-2025-11-18.yaml"} {
		data, err := os.ReadFile("../../../shared/upstream/" + name)
		if err != nil {
			b.Skipf("upstream's specifications are not next to this checkout: %v", err)
		}
		b.Run("parse "+name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := oas.ParseBytes(name, data); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("compare "+name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := Compare(b.Context(), Options{Upstream: Input{Name: name, Data: data}, AsOf: someDay}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
