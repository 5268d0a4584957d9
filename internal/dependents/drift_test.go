package dependents

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDriftAgainstABaseline checks the exit codes and the reports of drift as a tool of a
// dependent module, with a baseline in that module.
func TestDriftAgainstABaseline(t *testing.T) {
	t.Parallel()
	d := newDependent(t, "drift")
	contract, err := os.ReadFile(filepath.Join(root, "openapi", "v2-2024-05-30.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		what, from, to string
		code           int
		says           string
	}{
		{"the unchanged contract", "", "", 0, "breaking 0, tolerate 0, additive 0, planning 0"},
		{"a new provider", "            - GCP\n", "            - GCP\n            - OCI\n", 3, "[response-enum-value-added]"},
		{"an operation that moved", "exportBuckets/{exportBucketId}:", "buckets/{exportBucketId}:", 1, "[operation-removed] getExportBucket"},
		{"no specification", "openapi: 3.0.1", "swagger: 2.0", 2, "not an OpenAPI document"},
	} {
		t.Run(tc.what, func(t *testing.T) {
			upstream := strings.ReplaceAll(string(contract), tc.from, tc.to)
			if tc.from == "" {
				upstream = string(contract)
			} else if upstream == string(contract) {
				t.Fatalf("the contract does not contain %q", tc.from)
			}
			name := filepath.Join(t.TempDir(), "upstream.yaml")
			if err := os.WriteFile(name, []byte(upstream), 0o644); err != nil {
				t.Fatal(err)
			}
			r := d.run(t, nil, "go", "tool", "exportbuckets", "drift", "--baseline", "atlas.yaml", "--upstream", name)
			if r.code != tc.code || !strings.Contains(r.stdout+r.stderr, tc.says) {
				t.Errorf("exit code %d, want %d and %q:\n%s%s", r.code, tc.code, tc.says, r.stdout, r.stderr)
			}
		})
	}
}
