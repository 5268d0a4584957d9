//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// The examples in the help of the bucket verbs work unchanged with a fake that
// `exportbuckets serve --buckets 3` starts.
func TestExamplesOfTheBucketVerbsWork(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	for _, verb := range []string{"list", "get", "create", "update", "delete"} {
		help, err := exec.CommandContext(t.Context(), "exportbuckets", verb, "--help").Output()
		if err != nil {
			t.Fatal(err)
		}
		_, examples, ok := strings.Cut(string(help), "\nExamples:\n")
		if !ok {
			t.Fatalf("the help of %s does not end with an example:\n%s", verb, help)
		}
		examples = strings.ReplaceAll(examples, "\\\n", "")
		for example := range strings.Lines(examples) {
			t.Run(strings.TrimSpace(example), func(t *testing.T) {
				t.Parallel()
				playExample(t, strings.TrimSpace(example))
			})
		}
	}
}

func playExample(t *testing.T, example string) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(3))
	if strings.Contains(example, "| jq") {
		if _, err := exec.LookPath("jq"); err != nil {
			t.Skip("jq is not installed")
		}
	}
	if strings.Contains(example, " delete ") && !strings.Contains(example, "--yes") {
		s := onScreen(t, srv, nil, strings.Fields(example)[1:]...)
		s.await(t, "[y/N] ")
		s.typed(t, "y\n")
		if code, shown := s.exit(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, shown)
		}
		return
	}
	cmd := command(t, srv)
	cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", example}
	config := t.TempDir()
	profile := "[work]\npublic_api_key = '" + srv.PublicKey + "'\nprivate_api_key = '" + srv.PrivateKey + "'\n"
	if err := os.MkdirAll(filepath.Join(config, "atlascli"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(config, "atlascli", "config.toml"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "XDG_CONFIG_HOME="+config)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) == 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
