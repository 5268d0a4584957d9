//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// Each input of the action is an environment variable of its script, which
// passes it to an existing flag. The defaults of the action equal those of the
// flags, with one exception.
func TestActionPassesInputsToDrift(t *testing.T) {
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct{ Default, Description string }
		Runs   struct {
			Steps []struct {
				Uses, Run string
				Env       map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(data, &action); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("../../scripts/action/compare.sh")
	if err != nil {
		t.Fatal(err)
	}
	passed := map[string]string{} // the flag for each variable
	for _, m := range regexp.MustCompile(`--([a-z-]+) "\$([A-Z_]+)"`).FindAllStringSubmatch(string(script), -1) {
		passed[m[2]] = m[1]
	}
	flags := newDriftCommand().Flags()
	for name, input := range action.Inputs {
		variable := strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if got := action.Runs.Steps[len(action.Runs.Steps)-1].Env[variable]; got != "${{ inputs."+name+" }}" {
			t.Errorf("the variable %s is %q, not the input", variable, got)
		}
		flag := flags.Lookup(passed[variable])
		switch {
		case flag == nil || flag.Name != name:
			t.Errorf("the input %s is passed to the flag %q", name, passed[variable])
		case name == "upstream":
		case name == "fail-on":
			if !strings.Contains(input.Description, "the command's own ("+flag.DefValue+")") {
				t.Errorf("fail-on does not state the command's default, %s", flag.DefValue)
			}
		case strings.Trim(flag.DefValue, "[]") != input.Default:
			t.Errorf("%s: the action's default is %q, the flag's %q", name, input.Default, flag.DefValue)
		}
	}
	for _, step := range action.Runs.Steps {
		if strings.Contains(step.Uses, "setup-go") {
			t.Errorf("%s changes the Go of the caller's later steps", step.Uses)
		}
		if strings.Contains(step.Run, "${{") {
			t.Errorf("an input is part of the script %q: it could run as code", step.Run)
		}
	}
}

// compared is the result of a run of scripts/action/compare.sh.
type compared struct {
	code                     int
	log, summary, outputs    string
	verdict, report, jsonTxt string
}

// compareAction runs the action's script with inputs as NAME=VALUE.
func compareAction(t *testing.T, inputs ...string) compared {
	t.Helper()
	temp := filepath.Join(t.TempDir(), "a runner") // paths may contain a space
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	binary, err := exec.LookPath("exportbuckets")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "../../scripts/action/compare.sh")
	cmd.Env = append(os.Environ(), "BINARY="+binary, "RUNNER_TEMP="+temp, "RETRY_WAIT=0",
		"GITHUB_STEP_SUMMARY="+temp+"/summary", "GITHUB_OUTPUT="+temp+"/outputs",
		"UPSTREAM=../../openapi/v2-2024-05-30.yaml", "BASELINE=", "OPERATIONS=", "ACCEPT=", "FAIL_ON=breaking", "SUNSET_LEAD=180", "AS_OF=2026-01-01", "TIMEOUT=10s")
	cmd.Env = append(cmd.Env, inputs...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return string(data)
	}
	c := compared{code: cmd.ProcessState.ExitCode(), log: string(out), summary: read(temp + "/summary"), outputs: read(temp + "/outputs")}
	for line := range strings.Lines(c.outputs) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "verdict":
			c.verdict = value
		case "report":
			c.report = read(value)
		case "json":
			c.jsonTxt = read(value)
		}
	}
	return c
}

func TestActionCompares(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	contract, err := os.ReadFile("../../openapi/v2-2024-05-30.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tighter := filepath.Join(t.TempDir(), "tighter.yaml")
	if err := os.WriteFile(tighter, []byte(strings.ReplaceAll(string(contract), "maxLength: 63", "maxLength: 40")), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := compareAction(t); c.code != 0 || c.verdict != "in-sync" || !strings.Contains(c.jsonTxt, `"verdict": "in-sync"`) || c.summary != c.report || c.report == "" {
		t.Errorf("in sync: %+v", c)
	}
	c := compareAction(t, "UPSTREAM="+tighter, "ACCEPT=misspelt%.yaml")
	if c.code != 1 || c.verdict != "breaking" || !strings.Contains(c.log, "\n::error ") && !strings.HasPrefix(c.log, "::error ") {
		t.Errorf("breaking: %+v", c)
	}
	if !strings.Contains(c.log, "::warning title=drift::accept: there is no file misspelt%25.yaml, so no change is accepted\n") {
		t.Errorf("a misspelt file of acceptances does not warn:\n%s", c.log)
	}
}

// A failed comparison has a summary and a report with the reason. A failed download is tried
// again.
func TestActionReportsFailures(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	c := compareAction(t, "UPSTREAM=missing.yaml")
	if c.code != 2 || c.verdict != "not-compared" || c.jsonTxt != "" || c.summary != c.report || strings.Contains(c.log, "attempt: ") {
		t.Errorf("a missing file: %+v", c)
	}
	if !strings.Contains(c.report, "    --upstream: missing.yaml: no such file or directory\n") || !strings.Contains(c.log, "::error title=drift::The comparison could not be made: --upstream: missing.yaml") {
		t.Errorf("the reason is missing in the report or the log:\n%s\n%s", c.report, c.log)
	}
	c = compareAction(t, "UPSTREAM=https://127.0.0.1:1/v2.yaml")
	if c.code != 2 || c.verdict != "not-compared" || strings.Count(c.log, "attempt: ") != 2 {
		t.Errorf("an address that does not respond: %+v", c)
	}
}

// fakeGH replaces gh: it writes its arguments to a file, and responds as if issue 7 were
// open with the title $OPEN and the body $BODY.
const fakeGH = `#!/bin/sh
echo "$@" >> "$GH_LOG"
case "$1 $2" in
"issue list") if [ "$TITLE" = "$OPEN" ]; then echo 7; fi ;;
"issue view") printf '%s\n' "$BODY" ;;
esac
`

func TestDriftIssue(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	const changed, broken = "Atlas changed the contract of snapshot export buckets", "The contract cannot be compared with Atlas's specification"
	for _, tt := range []struct{ verdict, open, body, want string }{
		{"in-sync", "", "", ""},
		{"docs", changed, "", "issue close 7 --comment No change needs attention any more: RUN\n"},
		{"in-sync", broken, "", "issue close 7 --comment The comparison works again: RUN\n"},
		{"breaking", "", "", "label create drift --force --color D93F0B --description Upstream changed the contract\nissue create --title " + changed + " --label drift --body-file REPORT\n"},
		{"additive", changed, "- id: 1", "issue view 7 --json body --jq .body\nissue edit 7 --body-file REPORT\n"},
		{"additive", changed, "- id: 2", "issue view 7 --json body --jq .body\nissue edit 7 --body-file REPORT\nissue comment 7 --body The list of changes is different now: RUN\n"},
		{"not-compared", "", "", "label create drift --force --color D93F0B --description Upstream changed the contract\nissue create --title " + broken + " --label drift --body-file REPORT\n"},
	} {
		dir := t.TempDir()
		report, log := dir+"/report.md", dir+"/log"
		for name, data := range map[string]string{dir + "/gh": fakeGH, report: "- id: 1\n", log: ""} {
			if err := os.WriteFile(name, []byte(data), 0o700); err != nil { //nolint:gosec // a program has to be executable
				t.Fatal(err)
			}
		}
		cmd := exec.CommandContext(t.Context(), "../../scripts/action/issue.sh")
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "GH_LOG="+log, "OPEN="+tt.open, "BODY="+tt.body, "VERDICT="+tt.verdict, "REPORT="+report, "RUN=RUN")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", tt.verdict, err, out)
		}
		calls, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for line := range strings.Lines(strings.ReplaceAll(string(calls), report, "REPORT")) {
			if !strings.HasPrefix(line, "issue list ") {
				got.WriteString(line)
			}
		}
		if got.String() != tt.want {
			t.Errorf("%s with the open issue %q:\n%s\nwant:\n%s", tt.verdict, tt.open, got.String(), tt.want)
		}
	}
}

// The build takes the command from the cache. Without Go, the error message states what to do.
func TestActionBuilds(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "exportbuckets")
	build := func(path string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "/bin/bash", "../../scripts/action/build.sh")
		cmd.Env = []string{"PATH=" + path, "BINARY=" + binary, "GITHUB_ACTION_PATH=../.."}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := build(t.TempDir()); err == nil || !strings.Contains(out, "::error title=drift::Go is not installed: run actions/setup-go before this action") {
		t.Errorf("without Go: %v\n%s", err, out)
	}
	if err := os.WriteFile(binary, []byte("#!/bin/sh\n"), 0o700); err != nil { //nolint:gosec // a program has to be executable
		t.Fatal(err)
	}
	if out, err := build(t.TempDir()); err != nil || out != "the cache has the command\n" {
		t.Errorf("with a cached command: %v\n%s", err, out)
	}
}
