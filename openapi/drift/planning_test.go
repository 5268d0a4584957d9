package drift

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

func date(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func rulesOf(r *Report) []string {
	rules := []string{}
	for _, c := range r.Changes {
		rules = append(rules, c.Rule)
	}
	return rules
}

// TestNearSunsets checks from which day on a sunset is reported as near or past. In the
// base, version 2023-01-01 of three operations has the sunset 2027-07-01.
func TestNearSunsets(t *testing.T) {
	for _, test := range []struct {
		asOf string
		lead int
		rule string
		says string
	}{
		{"2027-01-01", 180, "", ""},
		{"2027-01-02", 180, "sunset-near", "(180 days left)"},
		{"2027-06-30", 180, "sunset-near", "(1 day left)"},
		{"2027-07-01", 180, "sunset-near", "(today)"},
		{"2027-07-02", 180, "sunset-past", "(1 day ago)"},
		{"2027-07-03", 180, "sunset-past", "(2 days ago)"},
		{"2027-07-02", 0, "", ""},
		{"2027-06-30", 0, "", ""},
		{"2027-06-30", 1, "sunset-near", "(1 day left)"},
		{"2027-06-29", 1, "", ""},
	} {
		in := input(t, "base.yaml", base(t))
		r, err := Compare(t.Context(), Options{Upstream: in, Baseline: &in, SunsetLead: test.lead, AsOf: date(test.asOf)})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{}
		if test.rule != "" {
			want = []string{test.rule, test.rule, test.rule}
		}
		if !slices.Equal(rulesOf(r), want) || len(want) > 0 && (!strings.Contains(r.Changes[0].Message, test.says) || r.Verdict != Planning) {
			t.Errorf("%s with %d days: %s, want %v with %q\n%s", test.asOf, test.lead, r.Verdict, want, test.says, formatChanges(r))
		}
	}
}

// TestMovedAndNearIsOneEntry checks that a sunset that moved to a near date is one entry.
func TestMovedAndNearIsOneEntry(t *testing.T) {
	after := base(t)
	apply(t, after, []step{put(itemPath+"/get"+oldMedia+"/x-sunset", "'2026-10-01'")})
	baseline := input(t, "before", base(t))
	r, err := Compare(t.Context(), Options{Upstream: input(t, "after", after), Baseline: &baseline, SunsetLead: 100, AsOf: date("2026-09-01")})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(rulesOf(r), []string{"sunset-moved"}) || !strings.Contains(r.Changes[0].Message, "30 days left") {
		t.Error(formatChanges(r))
	}
}

// onlyNew returns a one-version file of the base for version 2024-05-30.
func onlyNew(t *testing.T) *yaml.Node {
	root := base(t)
	apply(t, root, []step{
		put(listPath+"/get"+oldMedia, ""), put(listPath+"/post"+oldMedia, ""), put(itemPath+"/get"+oldMedia, ""),
		put(listPath+"/post/requestBody/content/application~1vnd.atlas.2023-01-01+json", ""),
	})
	return root
}

// onlyOld returns a one-version file of the base for version 2023-01-01. The sunset is at
// the operations, as it was in old one-version files.
func onlyOld(t *testing.T) *yaml.Node {
	root := base(t)
	apply(t, root, []step{
		put(listPath+"/get"+newMedia, ""), put(listPath+"/post"+newMedia, ""), put(itemPath+"/get"+newMedia, ""),
		put(listPath+"/post/requestBody/content/application~1vnd.atlas.2024-05-30+json", ""),
	})
	for _, at := range []string{listPath + "/get", listPath + "/post", itemPath + "/get"} {
		apply(t, root, []step{put(at+oldMedia+"/x-sunset", ""), put(at+"/x-sunset", "'2027-07-01'"), put(at+"/deprecated", "true")})
	}
	return root
}

// onlyThird returns a one-version file for 2027-01-01, a version that only list has.
func onlyThird(t *testing.T) *yaml.Node {
	root := onlyNew(t)
	apply(t, root, []step{put(listPath+"/get"+newMedia, ""), put(listPath+"/get/responses/200/content/application~1vnd.atlas.2027-01-01+json", "{schema: {type: object}}")})
	return root
}

// TestMovedOperation checks that an operation that moved to another path is removed, and
// that the message names the new path.
func TestMovedOperation(t *testing.T) {
	after := base(t)
	item := node(t, after, itemPath+"/get")
	apply(t, after, []step{put(itemPath+"/get", "")})
	oas.Set(node(t, after, "/paths"), "/api/atlas/v2/groups/{groupId}/exports/{id}", literal("{}"))
	oas.Set(node(t, after, "/paths/~1api~1atlas~1v2~1groups~1{groupId}~1exports~1{id}"), "get", item)
	r := compareTrees(t, base(t), after)
	if !slices.Equal(rulesOf(r), []string{"operation-removed"}) || !strings.Contains(r.Changes[0].Message, "upstream has it as GET /api/atlas/v2/groups/{groupId}/exports/{id} now") {
		t.Error(formatChanges(r))
	}
}

// TestSunsets checks the old and new value and the place in reports about sunsets.
func TestSunsets(t *testing.T) {
	const sunset, other = listPath + "/get" + oldMedia + "/x-sunset", listPath + "/get/responses/202/content/application~1vnd.atlas.2023-01-01+json"
	without := changed(t, base(t), put(sunset, ""))
	for _, test := range []struct {
		name             string
		baseline, latest *yaml.Node
		rule, old, now   string
		pointer          string
	}{
		{"it comes", without, base(t), "sunset-added", "", `"2027-07-01"`, sunset},
		{"it goes", base(t), without, "sunset-withdrawn", `"2027-07-01"`, "", sunset},
		{"it moves", base(t), changed(t, base(t), put(sunset, "'2031-01-01'")), "sunset-moved", `"2027-07-01"`, `"2031-01-01"`, sunset},
		{"the earliest of several sunsets counts", changed(t, base(t), put(listPath+"/get/responses/202", "{content: {application/vnd.atlas.2023-01-01+json: {schema: {type: object}}}}")),
			changed(t, base(t), put(listPath+"/get/responses/202", "{content: {application/vnd.atlas.2023-01-01+json: {schema: {type: object}, x-sunset: '2026-12-31'}}}")),
			"sunset-moved", `"2027-07-01"`, `"2026-12-31"`, other + "/x-sunset"},
		{"and the first of equal sunsets", changed(t, without, put(listPath+"/get/responses/202", "{content: {application/vnd.atlas.2023-01-01+json: {schema: {type: object}}}}")),
			changed(t, base(t), put(listPath+"/get/responses/202", "{content: {application/vnd.atlas.2023-01-01+json: {schema: {type: object}, x-sunset: '2027-07-01'}}}")),
			"sunset-added", "", `"2027-07-01"`, sunset},
	} {
		r := compareTrees(t, test.baseline, test.latest)
		if len(r.Changes) != 1 {
			t.Errorf("%s: %s", test.name, formatChanges(r))
			continue
		}
		c := r.Changes[0]
		if c.Rule != test.rule || string(c.Old) != test.old || string(c.New) != test.now || c.Pointer != test.pointer {
			t.Errorf("%s: %s from %s to %s at %s", test.name, c.Rule, c.Old, c.New, c.Pointer)
		}
	}
	// A response without a version has no effect on the sunset of a version, except for the
	// unversioned API.
	plain := "{content: {application/json: {schema: {type: object}, x-sunset: '2026-12-31'}}}"
	if r := compareTrees(t, base(t), changed(t, base(t), put(listPath+"/get/responses/202", plain))); slices.Contains(rulesOf(r), "sunset-moved") {
		t.Error(formatChanges(r))
	}
	old := contractTree(t, openapi.V1)
	for path, item := range oas.Pairs(oas.Get(old, "paths")) {
		if oas.Get(item, "post") != nil {
			apply(t, old, []step{put(oas.Join("/paths", path, "get", "responses", "200", "content", "application/json", "x-sunset"), "'2031-01-01'")})
		}
	}
	if r := compareTrees(t, nil, old); !slices.Equal(rulesOf(r), []string{"sunset-added"}) {
		t.Errorf("v1.0 ends: %s", formatChanges(r))
	}
}

// A version with a sunset is deprecated, so the mark next to a sunset is not reported: the
// contract has the mark, and upstream's specification does not.
func TestDeprecationFollowsSunset(t *testing.T) {
	const sunset, mark = listPath + "/get" + oldMedia + "/x-sunset", listPath + "/get/deprecated"
	marked := changed(t, onlyOld(t), put(listPath+"/get/x-sunset", ""), put(sunset, "'2027-07-01'"))
	unmarked := changed(t, marked, put(mark, ""))
	for _, test := range []struct {
		name             string
		baseline, latest *yaml.Node
		want             []string
	}{
		{"only the baseline is marked", marked, unmarked, []string{}},
		{"only upstream is marked", unmarked, marked, []string{}},
		{"the response with the sunset is removed, and the mark with it", marked, changed(t, unmarked, put(listPath+"/get/responses/200/content", "")), []string{"response-body-removed"}},
		{"the sunset is withdrawn", marked, changed(t, unmarked, put(sunset, "")), []string{"sunset-withdrawn"}},
		{"without a sunset the mark counts", changed(t, marked, put(sunset, "")), changed(t, unmarked, put(sunset, "")), []string{"deprecation-withdrawn"}},
		{"and is added", changed(t, unmarked, put(sunset, "")), changed(t, marked, put(sunset, "")), []string{"deprecation-added"}},
	} {
		if r := compareTrees(t, test.baseline, test.latest); !slices.Equal(rulesOf(r), test.want) {
			t.Errorf("%s: %v\n%s", test.name, rulesOf(r), formatChanges(r))
		}
	}
}

func changed(t *testing.T, root *yaml.Node, steps ...step) *yaml.Node {
	out := clone(root)
	apply(t, out, steps)
	return out
}

func TestVersionsThatBothSidesShow(t *testing.T) {
	const third = "application~1vnd.atlas.2027-01-01+json"
	for _, test := range []struct {
		name             string
		baseline, latest *yaml.Node
		want             []string
		note             string
	}{
		{"the same", base(t), base(t), nil, ""},
		{"one version against all: the other is not compared", base(t), onlyNew(t), nil, "version-not-shown"},
		{"the older one against all", base(t), onlyOld(t), nil, "version-not-shown"},
		{"all against one version: an older one is not new", onlyNew(t), base(t), nil, ""},
		{"all against the older one: the newer one is new", onlyOld(t), base(t), []string{"version-added", "version-added", "version-added"}, ""},
		{"an operation is added that has no older version", onlyOld(t), changed(t, base(t), put(itemPath+"/patch", "{responses: {'200': {content: {application/vnd.atlas.2024-05-30+json: {schema: {type: object}}}}}}")),
			[]string{"version-added", "version-added", "version-added", "version-added"}, ""},
		{"an operation is added in the version of the file", onlyOld(t), changed(t, onlyOld(t), put(itemPath+"/patch", "{responses: {'200': {content: {application/vnd.atlas.2023-01-01+json: {schema: {type: object}}}}}}")), []string{"operation-added"}, ""},
		{"an operation is added without a version", onlyOld(t), changed(t, onlyOld(t), put(itemPath+"/patch", "{responses: {'202': {description: x}}}")), []string{"operation-added"}, ""},
		{"an operation is added to a file of all versions", base(t), changed(t, base(t), put(itemPath+"/patch", "{responses: {'200': {content: {application/vnd.atlas.2024-05-30+json: {schema: {type: object}}}}}}")), []string{"operation-added"}, ""},
		{"a version of one operation is removed", base(t), changed(t, base(t), put(listPath+"/get"+oldMedia, "")), []string{"version-removed"}, ""},
		{"a version is added", base(t), changed(t, base(t), put(listPath+"/get/responses/200/content/"+third, "{schema: {type: object}}")), []string{"version-added"}, ""},
		{"a named version is not compared", base(t), changed(t, base(t), put(listPath+"/get/responses/200/content/application~1vnd.atlas.preview+json", "{schema: {type: object}}")), nil, ""},
		{"a one-version file of a newer version has no information about older ones", base(t), onlyThird(t), []string{"version-added"}, "version-not-shown"},
		{"an operation is removed from a one-version file", onlyNew(t), changed(t, onlyNew(t), put(itemPath+"/get", "")), []string{"operation-removed"}, ""},
		{"an operation that a one-version file would not contain", changed(t, base(t), put(itemPath+"/patch", "{responses: {'200': {content: {application/vnd.atlas.2024-05-30+json: {schema: {type: object}}}}}}")), onlyOld(t), nil, "version-not-shown"},
		{"a response without a body loses its media type, which contains the version", base(t), changed(t, base(t), put(itemPath+"/delete/responses/204/content", "")), nil, ""},
		{"a response without a body gets a media type", changed(t, base(t), put(itemPath+"/delete/responses/204/content", "")), base(t), nil, ""},
	} {
		r := compareTrees(t, test.baseline, test.latest)
		if !slices.Equal(rulesOf(r), append([]string{}, test.want...)) {
			t.Errorf("%s: %v\n%s", test.name, rulesOf(r), formatChanges(r))
		}
		if noted := slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Kind == "version-not-shown" }); noted != (test.note != "") {
			t.Errorf("%s: notes %v", test.name, r.Notes)
		}
	}
}

// Comparing a file of the embedded contract with the contract reports no changes.
func TestFilesOfTheContractAreInSync(t *testing.T) {
	for _, version := range openapi.Versions() {
		r := compareTrees(t, nil, contractTree(t, version))
		if r.Verdict != InSync {
			t.Errorf("%s: %s\n%s", version, r.Verdict, formatChanges(r))
		}
	}
}

// TestV1IsComparedOnlyWithV1 checks that v1.0 is compared only with a file of v1.0, and
// that such a file has no effect on the other versions.
func TestV1IsComparedOnlyWithV1(t *testing.T) {
	root := contractTree(t, openapi.V1)
	for path, item := range oas.Pairs(oas.Get(root, "paths")) {
		if post := oas.Get(item, "post"); post != nil {
			apply(t, root, []step{put(oas.Join("/paths", path, "post", "responses", "200"), "{description: x}")})
		}
	}
	r := compareTrees(t, nil, root)
	if !slices.Equal(rulesOf(r), []string{"response-body-removed"}) || !slices.Equal(r.Changes[0].Versions, []string{"v1.0"}) {
		t.Error(formatChanges(r))
	}
	if len(r.Notes) > 0 {
		t.Errorf("notes %v", r.Notes)
	}
}

func TestNotes(t *testing.T) {
	r := compareTrees(t, nil, contractTree(t, openapi.V20240530))
	kinds := []string{}
	for _, n := range r.Notes {
		kinds = append(kinds, n.Kind)
	}
	// The files of the contract are already corrected. The field tenantId is deprecated.
	for _, kind := range []string{"deprecated-in-use", "correction-not-needed", "version-not-shown"} {
		if !slices.Contains(kinds, kind) {
			t.Errorf("no note of kind %s among %v", kind, kinds)
		}
	}
	more := changed(t, base(t), put("/paths/~1api~1atlas~1v2~1clusters", "{get: {operationId: listClusters, responses: {'200': {description: x}}}}"))
	if notes := compareTrees(t, more, base(t)).Notes; !slices.ContainsFunc(notes, func(n Note) bool {
		return n.Kind == "operations-not-compared" && slices.Equal(n.Operations, []string{"listClusters"})
	}) {
		t.Errorf("notes %v", notes)
	}
	needed := compareTrees(t, nil, changed(t, contractTree(t, openapi.V20240530), put("/components/schemas/ApiError/properties/parameters/items", "{type: object}")))
	for _, n := range needed.Notes {
		if strings.Contains(n.Message, "error-parameters") {
			t.Errorf("%s", n.Message)
		}
	}
	if needed.Verdict != InSync {
		t.Errorf("a value that the contract corrects is reported\n%s", formatChanges(needed))
	}
}
