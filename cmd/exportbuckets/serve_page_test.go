//go:build unix

package main

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// snippet is a snippet of docs/serve.md that is run: a comment names the program.
var snippet = regexp.MustCompile("(?s)<!-- run: ([a-z0-9]+) -->\n```[a-z]+\n(.*?)\n```\n")

// The snippets of docs/serve.md run unchanged. CI has all programs that they need.
func TestSnippetsOfServePage(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	page, err := os.ReadFile("../../docs/serve.md")
	if err != nil {
		t.Fatal(err)
	}
	snippets := snippet.FindAllStringSubmatch(string(page), -1)
	if len(snippets) != 3 {
		t.Fatalf("%d snippets, want those of sh, python3 and node", len(snippets))
	}
	for _, s := range snippets {
		t.Run(s[1], func(t *testing.T) {
			t.Parallel()
			program, err := exec.LookPath(s[1])
			if err == nil && s[1] == "sh" {
				_, err = exec.LookPath("curl")
			}
			if err != nil {
				t.Skip(err)
			}
			file := t.TempDir() + "/snippet"
			if err := os.WriteFile(file, []byte(s[2]), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), program, file)
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "NO_PROXY=*", "no_proxy=*")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
