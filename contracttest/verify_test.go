package contracttest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// TestOwnRecordingsConform validates the project's recordings, as a user would.
func TestOwnRecordingsConform(t *testing.T) {
	Run(t, os.DirFS("testdata"), Options{})
}

// TestRealRecordingsConform validates recordings of real traffic, which are not part of
// the project.
func TestRealRecordingsConform(t *testing.T) {
	const shared = "../../shared/recordings"
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the shared recordings of real traffic are not here")
	}
	r, err := Verify(os.DirFS(shared), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary.Checked != 67 || r.Summary.Errors != 0 || r.Summary.OutOfScope != 0 {
		t.Errorf("checked %d, want 67; %d out of scope, want 0; errors, want none: %v", r.Summary.Checked, r.Summary.OutOfScope, r.Findings)
	}
}

// TestOldContractLacksFields validates recordings of 2025-08 against the contract of
// 2025-04, which did not declare two of their fields.
func TestOldContractLacksFields(t *testing.T) {
	const shared = "../../shared"
	spec, err := os.ReadFile(shared + "/upstream/history/2-unions-lose-oneof-after.yaml")
	if err != nil {
		t.Skip("the shared history of the upstream specification is not here")
	}
	r, err := Verify(os.DirFS(shared+"/recordings/har"), Options{Spec: spec, SpecName: "2025-04.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]int{}
	for _, f := range r.Findings {
		if f.Rule != UndeclaredField || f.Spec.File != "2025-04.yaml" || f.Spec.Line == 0 || !strings.Contains(f.Hint, "update the contract") {
			t.Errorf("unexpected finding, or one without its place or hint:\n%s", f)
		}
		fields[f.Pointer[strings.LastIndexByte(f.Pointer, '/')+1:]] += f.Count
	}
	if len(fields) != 2 || fields["requirePrivateNetworking"] == 0 || fields["region"] == 0 {
		t.Errorf("undeclared are %v, want requirePrivateNetworking and region", fields)
	}
	if len(r.Findings) > 6 {
		t.Errorf("%d findings: equal findings are not grouped", len(r.Findings))
	}
}

// documentedFS returns a file system with one documented recording, after an edit.
func documentedFS(t *testing.T, name string, pairs ...string) fstest.MapFS {
	t.Helper()
	text, err := os.ReadFile("testdata/documented/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"session/" + name: {Data: replaced(text, pairs)}}
}

func TestFindingNamesEverything(t *testing.T) {
	r, err := Verify(documentedFS(t, getGCP, `"GCP"`, `"GPC"`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || r.Holds() {
		t.Fatalf("want one finding, got %v", r.Findings)
	}
	got := r.Findings[0]
	spec := got.Spec
	got.Spec, got.Curl = SpecPlace{}, ""
	want := Finding{
		Rule: BadSchema, Keyword: "enum", Severity: SeverityError, Operation: "getExportBucket", Status: 200, MediaType: atlas2024,
		Recording: Recording{File: "session/" + getGCP, Line: 1}, Pointer: "/cloudProvider",
		Expected: "one of AWS, AZURE, GCP", Actual: "GPC", Message: "the value is not one of the declared values", Hint: "did you mean GCP?", Count: 1, Oldest: "2026-06-02T09:14:05Z",
		Places: []Recording{{File: "session/" + getGCP, Line: 1, Pointer: "/cloudProvider"}},
	}
	if a, b := asJSON(t, got), asJSON(t, want); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	if spec.File != "v2-2024-05-30.yaml" || !strings.HasPrefix(spec.Pointer, "/components/schemas/") || !strings.HasSuffix(spec.Pointer, "/properties/cloudProvider/enum") {
		t.Errorf("the place in the contract is %+v", spec)
	}
	if line := specLine(t, spec); strings.TrimSpace(line) != "enum:" {
		t.Errorf("line %d of the contract is %q, want the enum's", spec.Line, line)
	}
}

func specLine(t *testing.T, place SpecPlace) string {
	t.Helper()
	source, err := os.ReadFile("../openapi/" + place.File)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(source), "\n")
	if place.Line < 1 || place.Line > len(lines) {
		t.Fatalf("line %d is not in %s", place.Line, place.File)
	}
	return lines[place.Line-1]
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestHints checks the hints of findings.
func TestHints(t *testing.T) {
	tests := []struct{ base, old, changed, want string }{
		{getGCP, `"GCP"`, `"gcp"`, "did you mean GCP?"},
		{getAWS, `"iamRoleId"`, `"iamRoleID"`, "did you mean iamRoleId?"},
		{getGCP, `"GCP"`, `"AWS"`, "roleId belongs to AZURE and GCP; the provider's branch is AWS"},
		{oldGet, `"region"`, `"tenantId":"","region"`, "declared in version 2024-05-30; version 2023-01-01 was expected"},
		{getAWS, "Content-Type: " + atlas2024, "Content-Type: " + atlas2023, "version 2024-05-30 is expected, and the response has version 2023-01-01"},
		{list, "pageNum=1", "pagenum=1", "did you mean pageNum?"},
		{getAWS, "200 OK", "302 Found", "the API does not redirect: is the base URL right, and is there a proxy between the client and Atlas?"},
		{getAWS, "200 OK", "300 Multiple Choices", "the API does not redirect: is the base URL right, and is there a proxy between the client and Atlas?"},
		{getAWS, "200 OK", "402 Payment Required", askUpstream},
		{v1Get, "200 OK", "400 Bad Request", askUpstream},
	}
	for _, tt := range tests {
		r, err := Verify(documentedFS(t, tt.base, tt.old, tt.changed), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Hint == tt.want }) {
			t.Errorf("%s with %s: no finding hints %q: %v", tt.base, tt.changed, tt.want, r.Findings)
		}
	}
}

// TestEqualFindingsAreMerged checks that a violation repeated in items, entries and files
// is one finding.
func TestEqualFindingsAreMerged(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{"a.http", "b.http"} {
		for _, file := range documentedFS(t, list, `"bucketName": "ledger-archive"`, `"bucketName": "ab"`) {
			fsys[name] = &fstest.MapFile{Data: append(append(slices.Clone(file.Data), '\n'), file.Data...)}
		}
	}
	r, err := Verify(fsys, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || r.Findings[0].Count != 4 {
		t.Fatalf("want one finding of four, got %v", r.Findings)
	}
	want := `[{"file":"a.http","entry":0,"line":1,"pointer":"/results/2/bucketName"},{"file":"a.http","entry":1,"line":`
	if places, _ := json.Marshal(r.Findings[0].Places); !strings.HasPrefix(string(places), want) || len(r.Findings[0].Places) != 4 {
		t.Errorf("places are %s", places)
	}
}

// TestPlaces checks that an exchange is listed once even if a violation occurs in it
// several times, and that the same violation in another file is listed as well.
func TestPlaces(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{"a.http", "b.http"} {
		for _, file := range documentedFS(t, list, `"_id": "`, `"_id": "Z`) {
			fsys[name] = file
		}
	}
	r, err := Verify(fsys, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range r.Findings[0].Places {
		got = append(got, p.File)
	}
	if !slices.Equal(got, []string{"a.http", "b.http"}) || r.Findings[0].Count != 2 {
		t.Errorf("%d times at %v", r.Findings[0].Count, r.Findings[0].Places)
	}
}

func TestNoExchangesFails(t *testing.T) {
	other := Options{Operations: []string{"listExportBuckets"}}
	empty := fstest.MapFS{"a.har": {Data: []byte(`{"log":{"entries":[]}}`)}}
	tests := map[string]struct {
		fsys fstest.MapFS
		opts Options
		want string
	}{
		"an empty folder":           {fstest.MapFS{}, Options{}, "there are no files"},
		"no recording":              {fstest.MapFS{"notes.txt": {Data: []byte("hello")}}, Options{}, "none of the 1 files is a recording"},
		"other paths":               {documentedFS(t, getAWS, "/backup/exportBuckets/", "/clusters/"), Options{}, "none of the 1 exchanges is of a path of the contract"},
		"other operations":          {documentedFS(t, getAWS), other, "none of the 1 exchanges is of a selected operation"},
		"a trailing slash":          {documentedFS(t, list, "/exportBuckets?", "/exportBuckets/?"), Options{}, "none of the 1 exchanges"},
		"an empty recording":        {empty, Options{}, "the recordings have no request with a response"},
		"no exchange to select":     {empty, other, "the recordings have no request with a response"},
		"nothing except violations": {fstest.MapFS{"a.har": {Data: []byte(`{"log":{"entries":[{}]}}`)}}, Options{}, "no exchange in scope"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := Verify(tt.fsys, tt.opts)
			if !errors.Is(err, ErrNothingInScope) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the error is %v, want %q", err, tt.want)
			}
			if r == nil {
				t.Error("there is no report")
			}
		})
	}
}

// TestUnreadableIsReported checks that one unreadable entry neither hides the others nor
// passes.
func TestUnreadableIsReported(t *testing.T) {
	fsys := documentedFS(t, getAWS)
	fsys["broken.har"] = &fstest.MapFile{Data: []byte(`{"log":{"entries":[{"request":{"method":"GET"`)}
	r, err := Verify(fsys, Options{})
	var unreadable *ReadError
	if !errors.As(err, &unreadable) || unreadable.File != "broken.har" {
		t.Errorf("the error is %v, want one that names broken.har", err)
	}
	if r.Summary.Checked != 1 || len(r.Unreadable) != 1 {
		t.Errorf("checked %d, want 1; unreadable %v, want one", r.Summary.Checked, r.Unreadable)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	tests := map[string]struct {
		opts Options
		want string
	}{
		"version":      {Options{APIVersion: "2024-05-31"}, "use auto or one of v1.0, 2023-01-01, 2024-05-30"},
		"coverage":     {Options{MinCoverage: 100.1}, "between 0 and 100"},
		"operations":   {Options{Operations: []string{"getExportBuckets"}}, `operations: no operation matches "getExportBuckets"`},
		"rule":         {Options{Severity: map[Rule]Severity{"schemas": SeverityOff}}, `unknown rule "schemas"`},
		"severity":     {Options{Severity: map[Rule]Severity{BadSchema: "fatal"}}, "use error, warning or off"},
		"no OpenAPI":   {Options{Spec: []byte("hello"), SpecName: "x.yaml"}, "x.yaml: not an OpenAPI document"},
		"empty":        {Options{Spec: []byte{}, SpecName: "x.yaml"}, "it is empty"},
		"no operation": {Options{Spec: []byte("openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {}\n"), SpecName: "x.yaml"}, "declares no operation"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := Verify(documentedFS(t, getAWS), tt.opts)
			if r != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the error is %v, want %q", err, tt.want)
			}
		})
	}
}

// TestOneVersion validates recordings of several versions against one version.
func TestOneVersion(t *testing.T) {
	tests := []struct {
		base, version string
		want          string
	}{
		{getAWS, "2024-05-30", ""},
		{oldGet, "2024-05-30", "media-type"},
		{getAWS, "2023-01-01", "media-type"},
		{update, "2023-01-01", "unknown-operation"},
		{v1Get, "v1.0", ""},
	}
	for _, tt := range tests {
		j := testValidator(t, Options{APIVersion: tt.version})
		if got := formatFindings(j.validate(documented(t, tt.base))); got != tt.want {
			t.Errorf("%s by %s: got %q, want %q", tt.base, tt.version, got, tt.want)
		}
	}
	j := testValidator(t, Options{APIVersion: "2024-05-30"})
	if v := j.validate(documented(t, v1Get)); v.match != nil {
		t.Error("an exchange of v1.0 is in scope of 2024-05-30")
	}
}

// TestReportsAreEqual checks that the number of workers does not change a report.
func TestReportsAreEqual(t *testing.T) {
	var first string
	for workers := range 8 {
		r, err := Verify(os.DirFS("testdata"), Options{Workers: workers + 1, MinCoverage: 10})
		if err != nil {
			t.Fatal(err)
		}
		if text := asJSON(t, r); first == "" {
			first = text
		} else if text != first {
			t.Fatalf("the report differs with %d workers", workers+1)
		}
	}
}

// TestPathsAreRead checks that VerifyPaths reads files and folders by their paths in the
// operating system, and refuses a named file that is not a recording.
func TestPathsAreRead(t *testing.T) {
	r, err := VerifyPaths(t.Context(), Options{}, "testdata/documented/v1.0", "testdata/documented/"+getAWS)
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary.Files < 8 {
		t.Errorf("read %d files", r.Summary.Files)
	}
	_, err = VerifyPaths(t.Context(), Options{}, "testdata/README.md")
	var unreadable *ReadError
	if !errors.As(err, &unreadable) {
		t.Errorf("a named file that is not a recording: got %v", err)
	}
}

// TestSubject checks that a report names the recordings, unless they are a whole file system,
// and the contract.
func TestSubject(t *testing.T) {
	const spec = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: OK}}}}}\n"
	of := func(r *Report, _ error) string { return fmt.Sprint(r.model("").Subject) }
	const file = "testdata/documented/" + getAWS
	for want, got := range map[string]string{
		"[{recordings " + file + "} {contract the module's own}]": of(VerifyPaths(t.Context(), Options{}, file)),
		"[{contract the module's own}]":                           of(Verify(documentedFS(t, getAWS), Options{})),
		"[{contract spec}]":                                       of(Verify(documentedFS(t, getAWS), Options{Spec: []byte(spec)})),
		"[{contract s.yaml}]":                                     of(Verify(documentedFS(t, getAWS), Options{Spec: []byte(spec), SpecName: "s.yaml"})),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestStdin checks that - is the standard input only if there is one.
func TestStdin(t *testing.T) {
	r, err := VerifyPaths(t.Context(), Options{Stdin: strings.NewReader(string(documentedFS(t, getAWS)["session/"+getAWS].Data))}, "-")
	if err != nil || r.Summary.Checked != 1 {
		t.Errorf("standard input: %v, %v", r, err)
	}
	if _, err := VerifyPaths(t.Context(), Options{}, "-"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that does not exist: %v", err)
	}
}

// TestHintsOnAnOldContract checks the hints for a user's contract that lacks declarations of
// the module's contract.
func TestHintsOnAnOldContract(t *testing.T) {
	source, err := openapi.Source(openapi.V20240530)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.NewReplacer("        region:\n", "        oldRegion:\n", `"403":`, `"418":`, "    patch:\n", "    put:\n",
		"          GCP: '#/components/schemas/DiskBackupSnapshotGCPExportBucketResponse'\n", "").Replace(string(source))
	tests := []struct {
		base string
		rule Rule
	}{
		{getAWS, UndeclaredField},
		{update, UnknownOperation},
		{getGCP, BadSchema},
		{"errors/403-update.http", UnknownOperation},
	}
	for _, tt := range tests {
		r, err := Verify(documentedFS(t, tt.base), Options{Spec: []byte(old)})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == tt.rule && strings.HasSuffix(f.Hint, "update the contract") }) {
			t.Errorf("%s: no finding of %s suggests updating the contract: %v", tt.base, tt.rule, r.Findings)
		}
	}
	unmapped := strings.ReplaceAll(string(source), "          GCP: '#/components/schemas/DiskBackupSnapshotGCPExportBucketResponse'\n", "")
	r, err := Verify(documentedFS(t, getGCP), Options{Spec: []byte(unmapped)})
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Keyword != "discriminator" || !strings.HasSuffix(r.Findings[0].Hint, "update the contract") {
		t.Errorf("a branch that no value selects: %v, %v", r.Findings, err)
	}
	r, err = Verify(documentedFS(t, "errors/404-get.http", "404 Not Found", "403 Forbidden"), Options{Spec: []byte(old)})
	if err != nil || len(r.Findings) == 0 || r.Findings[0].Rule != UndeclaredStatus || !strings.HasSuffix(r.Findings[0].Hint, "update the contract") {
		t.Errorf("a status that was declared later: %v, %v", r, err)
	}
}

func TestParseSeverities(t *testing.T) {
	got, err := ParseSeverities([]string{"schema=warning", "secret=off"})
	if err != nil || len(got) != 2 || got[BadSchema] != SeverityWarning || got[Secret] != SeverityOff {
		t.Errorf("got %v, %v", got, err)
	}
	for pair, want := range map[string]string{
		"schema": "write RULE=error", "shape=off": `unknown rule "shape"`, "schema=low": "use error, warning or off",
		"secret=error,secret=off": `severity "secret=off": the rule occurs twice`, "secret=off,secret=off": "occurs twice",
	} {
		if _, err := ParseSeverities(strings.Split(pair, ",")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", pair, err, want)
		}
	}
}
