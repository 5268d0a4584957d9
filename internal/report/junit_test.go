package report

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"
)

const junitXSD = "testdata/jenkins-junit.xsd"

func TestJUnitKeepsItsSchema(t *testing.T) {
	schema := mustXSD(junitXSD)
	for name, r := range samples() {
		if err := schema.validate(written(t, JUnit, r, Options{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestJUnitKeepsItsSchemaForLibxml2 validates the reports with libxml2, if it is installed,
// as a CI system would.
func TestJUnitKeepsItsSchemaForLibxml2(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	for name, r := range samples() {
		path := filepath.Join(t.TempDir(), "report.xml")
		if err := os.WriteFile(path, written(t, JUnit, r, Options{}), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), xmllint, "--nonet", "--noout", "--schema", junitXSD, path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func TestJUnitFailuresMatchTheExitCode(t *testing.T) {
	tests := map[string]struct {
		report                  Report
		tests, failures, errors int
	}{
		"nothing found":                    {Report{}, 1, 0, 0},
		"an error":                         {Report{Items: []Item{{Level: LevelError}}}, 1, 1, 0},
		"a warning":                        {Report{Items: []Item{{Level: LevelWarning}}}, 1, 0, 0},
		"a note that fails":                {Report{Items: []Item{{Level: LevelNote, Fails: true}}}, 1, 1, 0},
		"an unreadable file":               {Report{Unreadable: []Unreadable{{Location{File: "a.har"}, "cut off"}}}, 1, 0, 1},
		"coverage missed":                  {Report{Coverage: &Coverage{Percent: 79.9, Minimum: 80}}, 1, 1, 0},
		"coverage reached":                 {Report{Coverage: &Coverage{Percent: 80, Minimum: 80}}, 1, 0, 0},
		"an accepted change":               {Report{Accepted: []Accepted{{Item: Item{Level: LevelError}}}}, 1, 0, 0},
		"a covered operation":              {Report{Coverage: &Coverage{Operations: []OperationCoverage{{Operation: "a", Responses: []ResponseCoverage{{Exchanges: 1}}}}}}, 1, 0, 0},
		"an uncovered operation":           {Report{Coverage: &Coverage{Operations: []OperationCoverage{{Operation: "a"}}}}, 1, 0, 0},
		"one of two versions":              {twoVersions("2023-01-01"), 2, 1, 0},
		"both of two versions":             {twoVersions(""), 1, 1, 0},
		"a warning on a covered operation": {Report{Items: []Item{{Operations: []string{"a"}, Level: LevelWarning}}, Coverage: twoVersions("").Coverage}, 3, 0, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got junit.Testsuites
			if err := xml.Unmarshal(written(t, JUnit, &tt.report, Options{}), &got); err != nil {
				t.Fatal(err)
			}
			if got.Tests != tt.tests || got.Failures != tt.failures || got.Errors != tt.errors {
				t.Errorf("%d tests, %d failures, %d errors; want %d, %d, %d", got.Tests, got.Failures, got.Errors, tt.tests, tt.failures, tt.errors)
			}
		})
	}
}

// twoVersions covers one operation in two versions, with an error in one.
func twoVersions(broken string) Report {
	seen := []ResponseCoverage{{Status: "200", Exchanges: 3}}
	r := Report{
		Items: []Item{{Operations: []string{"a"}, Level: LevelError}},
		Coverage: &Coverage{Operations: []OperationCoverage{
			{Operation: "a", Version: "2023-01-01", Responses: seen}, {Operation: "a", Version: "2024-05-30", Responses: seen},
		}},
	}
	if broken != "" {
		r.Items[0].Versions = []string{broken}
	}
	return r
}

// TestJUnitNamesHaveNoLines checks that the name of a case does not depend on lines, because
// CI systems identify a case by its name.
func TestJUnitNamesHaveNoLines(t *testing.T) {
	before, after := verifySample(), verifySample()
	for i := range after.Items {
		after.Items[i].Location.Line += 7
		after.Items[i].Location.Entry = entry(99)
	}
	names := func(r *Report) string {
		var suites junit.Testsuites
		if err := xml.Unmarshal(written(t, JUnit, r, Options{}), &suites); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, s := range suites.Suites {
			for _, c := range s.Testcases {
				all = append(all, c.Classname+"/"+c.Name)
			}
		}
		return strings.Join(all, "\n")
	}
	if names(before) != names(after) {
		t.Error("the names of the cases changed with the lines")
	}
}
