package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The action hands every input to a flag that exists, and says what the flag's
// default is.
func TestActionSpeaksToDrift(t *testing.T) {
	data, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct{ Steps []struct{ Run string } }
	}
	if err := yaml.Unmarshal(data, &action); err != nil {
		t.Fatal(err)
	}
	cmd := newDriftCommand()
	used := []string{}
	for _, flag := range regexp.MustCompile(`--([a-z-]+) "\$`).FindAllStringSubmatch(action.Runs.Steps[2].Run, -1) {
		used = append(used, flag[1])
		if cmd.Flags().Lookup(flag[1]) == nil {
			t.Errorf("there is no flag --%s", flag[1])
		}
	}
	for name, input := range action.Inputs {
		if !slices.Contains(used, name) {
			t.Errorf("the input %s goes nowhere", name)
		}
		flag := cmd.Flags().Lookup(name)
		if flag != nil && name != "upstream" && name != "fail-on" && strings.Trim(flag.DefValue, "[]") != input.Default {
			t.Errorf("%s: the action's default is %q, the flag's %q", name, input.Default, flag.DefValue)
		}
	}
}
