package dependents

import (
	"strings"
	"testing"
)

// TestContractTests checks that a dependent's own tests can use fakeatlas and
// contracttest.Run, and that they fail if the code or a recording is wrong.
func TestContractTests(t *testing.T) {
	t.Parallel()
	d := newDependent(t, "contract")
	out := d.runGo(t, "test", "-v", "./...")
	for _, want := range []string{
		"--- PASS: TestEveryBucketCounts", "--- PASS: TestNoSuchProject", "--- PASS: TestRecordings/list.yaml/0_listExportBuckets_200",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in:\n%s", want, out)
		}
	}

	d.change(t, "testdata/recordings/list.yaml", `"_id":"b00000000000000000000002"`, `"_id":"BAD"`)
	d.change(t, "inventory.go", "count[bucket.CloudProvider()]++", "count[bucket.CloudProvider()] = 1")
	r := d.run(t, nil, "go", "test", "./...")
	for _, want := range []string{"[schema]", "BAD", "--- FAIL: TestRecordings/list.yaml/0_listExportBuckets_200", "--- FAIL: TestEveryBucketCounts"} {
		if r.code == 0 || !strings.Contains(r.stdout, want) {
			t.Errorf("after the change: exit code %d, %q is not in:\n%s%s", r.code, want, r.stdout, r.stderr)
		}
	}
}
