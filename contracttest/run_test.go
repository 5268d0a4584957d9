package contracttest

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// TestRunOnFaults fails on purpose. TestRunReportsFaults runs it in a separate process.
func TestRunOnFaults(t *testing.T) {
	fsys := fstest.MapFS{}
	switch os.Getenv("CONTRACTTEST_RUN") {
	case "faults":
		fsys["bad.http"] = documentedFS(t, getGCP, `"GCP"`, `"GPC"`)["session/"+getGCP]
		fsys["good.http"] = documentedFS(t, getAWS)["session/"+getAWS]
		fsys["odd.http"] = documentedFS(t, list, "pageNum=1", "pagenum=1")["session/"+list]
		fsys["other.http"] = documentedFS(t, getAWS, "/backup/exportBuckets/", "/clusters/")["session/"+getAWS]
		fsys["broken.har"] = &fstest.MapFile{Data: []byte(`{"log":{"entries":[{`)}
		Run(t, fsys, Options{MinCoverage: 99, Severity: map[Rule]Severity{UndeclaredQuery: SeverityWarning}})
	case "nothing":
		Run(t, fsys, Options{})
	case "options":
		Run(t, fsys, Options{APIVersion: "1999"})
	default:
		t.Skip("run by TestRunReportsFaults")
	}
}

// TestRunReportsFaults checks the output of Run for recordings that violate the contract.
func TestRunReportsFaults(t *testing.T) {
	tests := map[string][]string{
		"faults": {
			`--- FAIL: TestRunOnFaults/bad.http/0_getExportBucket_200`,
			`\[schema\] the value is not one of the declared values`,
			`recording bad.http:1 entry 0 /cloudProvider`,
			`expected  one of AWS, AZURE, GCP`,
			`actual    GPC`,
			`contract  v2-2024-05-30.yaml:\d+ /components/schemas/.*/cloudProvider/enum`,
			`hint      did you mean GCP\?`,
			`--- PASS: TestRunOnFaults/good.http/0_getExportBucket_200`,
			`--- PASS: TestRunOnFaults/odd.http/0_listExportBuckets_200`,
			`\[undeclared-query\]`,
			`--- SKIP: TestRunOnFaults/other.http/0_GET_200`,
			`broken.har:1: .*cut off`,
			`coverage is \S+ %, below the minimum of 99 %`,
		},
		"nothing": {`--- FAIL: TestRunOnFaults`, `nothing was validated: there are no files`},
		"options": {`--- FAIL: TestRunOnFaults`, `use auto or one of`},
	}
	for name, wants := range tests {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRunOnFaults$", "-test.v")
			cmd.Env = append(os.Environ(), "CONTRACTTEST_RUN="+name)
			out, err := cmd.CombinedOutput()
			if err == nil {
				t.Error("the test passed")
			}
			for _, want := range wants {
				if !regexp.MustCompile(want).Match(out) {
					t.Errorf("%q is missing from\n%s", want, out)
				}
			}
			if strings.Contains(string(out), "panic") {
				t.Errorf("panic:\n%s", out)
			}
		})
	}
}
