//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// TestVerifyMemory checks that verify uses less than verifyMemory for recordings that are
// as large as allowed in one place, and for larger ones, which it refuses.
func TestVerifyMemory(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	// The test builds the command without the race detector, which would multiply memory and time.
	binary := filepath.Join(t.TempDir(), "exportbuckets")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const almost = 4<<20 - 1000 // an entry may have 4 MiB
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	asking := func(accept, body string) string {
		const mediaType = "application/vnd.atlas.2024-05-30+json"
		header := func(name, value string) string {
			return fmt.Sprintf(`"headers":[{"name":"%s","value":"%s"}]`, name, value)
		}
		return fmt.Sprintf(`{"request":{"method":"GET","url":"%s",%s},"response":{"status":200,%s,"content":{"text":%q}}}`,
			exportBucketsURL, header("Accept", mediaType+accept), header("Content-Type", mediaType), body)
	}
	json := func(body string) string { return asking("", body) }
	har := func(entry string) string {
		return `{"log":{"version":"1.2","entries":[` + strings.Repeat(entry+",", 5) + entry + `]}}`
	}
	var different []string
	for n := range 150 {
		different = append(different, json(`{"results":[]`+numbered(450, fmt.Sprintf(`,"k%%d_%d":1`, n))+`}`))
	}
	cassette := func(response string) string {
		return "version: 2\ninteractions:\n" + strings.Repeat("- request:\n    method: GET\n    url: "+exportBucketsURL+"\n  response:\n    code: 200\n"+response, 3)
	}
	for name, text := range map[string]string{
		"a string":           har(json(`{"results":["` + strings.Repeat("x", almost-100) + `"]}`)),
		"a larger one":       har(json(`{"results":["` + strings.Repeat("x", 3*almost) + `"]}`)),
		"many faults":        har(json(`{"results":[` + strings.Repeat("1,", 49_000) + `1]}`)),
		"undeclared members": har(json(`{"results":[]` + numbered(40_000, `,"k%d":1`) + `}`)),
		"long names":         har(json(`{"results":[]` + numbered(3_000, `,"k%0900d":1`) + `}`)),
		"long commands":      har(asking(strings.Repeat(";q=1", 100_000), `{"results":[]`+numbered(1_900, `,"k%d":1`)+`}`)),
		"different names":    `{"log":{"version":"1.2","entries":[` + strings.Join(different, ",") + `]}}`,
		"many values":        har(json(`{"results":[` + strings.Repeat("1,", almost/2) + `1]}`)),
		"empty headers":      har(`{"request":{"headers":[` + strings.Repeat("{},", 5_000_000) + `{}]}}`),
		"a cassette's body":  cassette("    body: \"" + strings.Repeat(`[1,2],\n`, almost/8) + "\"\n"),
		"a comment":          cassette("    # " + strings.Repeat("x", almost) + "\n"),
		"cassette headers":   cassette("    headers:\n" + numbered(400_000, "      X-%d:\n      - v\n")),
	} {
		file := filepath.Join(t.TempDir(), "recording")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), binary, "verify", "--format", "sarif", "--output", os.DevNull, file)
		cmd.Env = append(os.Environ(), "GODEBUG=gctrace=1")
		var trace bytes.Buffer
		cmd.Stderr = &trace
		if err := cmd.Run(); err == nil {
			t.Errorf("%s: verify succeeded", name)
		}
		if most := mostLive(t, trace.String()); most == 0 || most<<20 > verifyMemory {
			t.Errorf("%s: %d MB were in use", name, most)
		}
	}
}

const exportBucketsURL = "https://cloud.mongodb.com/api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets"
