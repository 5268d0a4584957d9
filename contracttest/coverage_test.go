package contracttest

import (
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
)

func coverageOf(t *testing.T, fsys fstest.MapFS, opts Options) *Coverage {
	t.Helper()
	r, err := Verify(fsys, opts)
	if err != nil {
		t.Fatal(err)
	}
	return &r.Coverage
}

func (c *Coverage) find(operation, version, status string) *ResponseCoverage {
	for _, o := range c.Operations {
		for i, r := range o.Responses {
			if o.Operation == operation && o.Version == version && r.Status == status {
				return &o.Responses[i]
			}
		}
	}
	return nil
}

// sessionOf returns a file system of several documented recordings.
func sessionOf(t *testing.T, names ...string) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, name := range names {
		fsys[name] = documentedFS(t, name)["session/"+name]
	}
	return fsys
}

func TestCoverageCountsWhatWasSeen(t *testing.T) {
	c := coverageOf(t, sessionOf(t, getGCP, "2024-05-30/create-aws.http", list, remove), Options{})
	get := c.find("getExportBucket", "2024-05-30", "200")
	if get.Exchanges != 1 || get.Variants["GCP"] != 1 || get.Variants["AWS"] != 0 || get.Variants["AZURE"] != 0 || len(get.Variants) != 3 {
		t.Errorf("get: %+v", get)
	}
	if len(get.MissingFields) != 0 || get.MediaType != atlas2024 || get.Newest != "2026-06-02T09:14:05Z" {
		t.Errorf("get: %+v", get)
	}
	made := c.find("createExportBucket", "2024-05-30", "200")
	if want := []string{"/links", "/links/*/href", "/links/*/rel", "/region"}; !slices.Equal(made.MissingFields, want) {
		t.Errorf("create misses %q, want %q", made.MissingFields, want)
	}
	page := c.find("listExportBuckets", "2024-05-30", "200")
	if page.Variants["AWS"] != 1 || page.Variants["AZURE"] != 1 || page.Variants["GCP"] != 1 || page.Values.Seen != 3 || page.Values.Total != 3 {
		t.Errorf("list: %+v", page)
	}
	if !slices.Contains(page.MissingFields, "/results/*/region") || slices.Contains(page.MissingFields, "/results/*/roleId") {
		t.Errorf("list misses %q", page.MissingFields)
	}
	if gone := c.find("deleteExportBucket", "2024-05-30", "204"); gone.Exchanges != 1 {
		t.Errorf("delete: %+v", gone)
	}
	if never := c.find("getExportBucket", "2024-05-30", "404"); never.Exchanges != 0 || len(never.MissingFields) != 0 {
		t.Errorf("a response that was never seen: %+v", never)
	}
	if c.Oldest != "2026-06-02T09:14:05Z" || c.Percent <= 0 || c.Percent >= 100 || c.Seen >= c.Total {
		t.Errorf("%v %% (%d of %d) since %s", c.Percent, c.Seen, c.Total, c.Oldest)
	}
}

// TestCoverageOfVersions checks that only the versions that occur in recordings are counted.
func TestCoverageOfVersions(t *testing.T) {
	tests := []struct {
		names []string
		want  []string
	}{
		{[]string{getAWS, remove}, []string{"2024-05-30"}},
		{[]string{oldGet, "2023-01-01/delete.http"}, []string{"2023-01-01"}},
		{[]string{v1Get}, []string{"v1.0"}},
		{[]string{"2023-01-01/delete.http"}, []string{"2023-01-01"}},
		{[]string{remove}, []string{"2024-05-30"}},
		{[]string{v1Get, getAWS, oldList}, []string{"v1.0", "2023-01-01", "2024-05-30"}},
	}
	for _, tt := range tests {
		var got []string
		for _, o := range coverageOf(t, sessionOf(t, tt.names...), Options{}).Operations {
			if !slices.Contains(got, o.Version) {
				got = append(got, o.Version)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("the responses %q count for %q, want %q", tt.names, got, tt.want)
		}
	}
}

// TestErrorsAreNotEvidence checks that an exchange that violates the contract does not
// increase the coverage.
func TestErrorsAreNotEvidence(t *testing.T) {
	whole := coverageOf(t, documentedFS(t, getGCP), Options{})
	broken := coverageOf(t, documentedFS(t, getGCP, `"bucketName":"ledger-archive"`, `"bucketName":"x"`), Options{})
	if broken.Seen != 0 || broken.find("getExportBucket", "2024-05-30", "200").Exchanges != 0 {
		t.Errorf("an invalid exchange shows %d", broken.Seen)
	}
	if whole.Seen == 0 || whole.Total != broken.Total {
		t.Errorf("the valid exchange shows %d of %d items; the other exchange has %d items", whole.Seen, whole.Total, broken.Total)
	}
	warned := coverageOf(t, documentedFS(t, getGCP, `"bucketName":"ledger-archive"`, `"bucketName":"x"`), Options{Severity: map[Rule]Severity{BadSchema: SeverityWarning}})
	if warned.find("getExportBucket", "2024-05-30", "200").Exchanges != 1 {
		t.Error("an exchange with only a warning shows nothing")
	}
}

// TestReport compares a whole report of valid and invalid exchanges with a golden file.
func TestReport(t *testing.T) {
	fsys := sessionOf(t, getGCP, list, create, update, remove, notFound, "errors/401-get.http", limited)
	whole := fsys[getGCP].Data
	broken := replaced(whole, []string{`"_id":"6`, `"_id":"Z`, `"roleId"`, `"zone":"a","roleId"`, "Content-Length: ", "X-Length: "})
	fsys["broken.http"] = &fstest.MapFile{Data: slices.Concat(broken, []byte("\n"), broken)}
	fsys["elsewhere.http"] = &fstest.MapFile{Data: replaced(whole, []string{"/backup/exportBuckets/", "/clusters/"})}
	fsys["untyped.http"] = &fstest.MapFile{Data: replaced(whole, []string{"Content-Type: " + atlas2024, "X-Type: none"})}
	r, err := Verify(fsys, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Findings {
		r.Findings[i].Spec.Line = 0 // the contract may change
	}
	golden.Check(t, "testdata/golden/report.json", []byte(asJSON(t, r)+"\n"))
}

func TestMinimumCoverage(t *testing.T) {
	if c := (&Coverage{Percent: 61.5, Minimum: 61.5}); c.Short() {
		t.Error("coverage equal to the minimum counts as too low")
	}
	for minimum, short := range map[float64]bool{0: false, 1: false, 99: true, 100: true} {
		r, err := Verify(documentedFS(t, getGCP), Options{MinCoverage: minimum})
		if err != nil {
			t.Fatal(err)
		}
		if r.Coverage.Short() != short || r.Holds() == short {
			t.Errorf("with a minimum of %v, %v %% are short: %v", minimum, r.Coverage.Percent, r.Coverage.Short())
		}
	}
}

// TestSlowPathShowsTheSame checks that coverage does not depend on whether the fast or the
// slow path validated a body. A body with escapes is validated on the slow path.
func TestSlowPathShowsTheSame(t *testing.T) {
	fast := coverageOf(t, documentedFS(t, getAWS), Options{})
	slow := coverageOf(t, documentedFS(t, getAWS, `"region"`, `"reg\u0069on"`, "Content-Length: ", "X-Length: "), Options{})
	if a, b := asJSON(t, fast), asJSON(t, slow); a != b {
		t.Errorf("fast\n%s\nslow\n%s", a, b)
	}
}

// TestOwnRecordingsCover checks that the coverage of the project's recordings does not
// decrease.
func TestOwnRecordingsCover(t *testing.T) {
	r, err := Verify(os.DirFS("testdata"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range r.Coverage.Operations {
		for _, a := range o.Responses {
			if a.Status >= "3" {
				continue
			}
			if a.Exchanges == 0 {
				t.Errorf("%s %s: no recording of %s", o.Operation, o.Version, a.Status)
			}
			for name, n := range a.Variants {
				if n == 0 {
					t.Errorf("%s %s: no recording of %s", o.Operation, o.Version, name)
				}
			}
		}
	}
	if len(r.Coverage.Operations) != 13 {
		t.Errorf("recordings of %d operations, want those of three versions: 13", len(r.Coverage.Operations))
	}
}
