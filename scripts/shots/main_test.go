package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pageOf writes a page with the given body.
func pageOf(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	html := `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>t</title><body>` + body
	if err := os.WriteFile(path, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// If the checks did not detect problems in a bad page, passing them would prove nothing.
func TestProblemsAreReported(t *testing.T) {
	for _, name := range []string{os.Getenv("CHROME"), "chromium", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			t.Setenv("CHROME", path)
		}
	}
	if os.Getenv("CHROME") == "" {
		t.Skip("no Chromium found; `make shots` installs one")
	}
	tests := map[string]struct{ body, want string }{
		"a console error":        {`<script>console.error("x")</script>`, "console.error"},
		"a console warning":      {`<script>console.warn("x")</script>`, "console.warning"},
		"an exception":           {`<script>throw new Error("x")</script>`, "exception"},
		"another file":           {`<img alt="" src="other.png">`, "other.png"},
		"another host":           {`<img alt="" src="https://host.invalid/x.png">`, "requested https://host.invalid/x.png"},
		"a fetch":                {`<script>fetch("https://host.invalid/y").catch(() => {})</script>`, "requested https://host.invalid/y"},
		"a refused policy":       {`<meta http-equiv="Content-Security-Policy" content="img-src 'none'"><img alt="" src="data:image/gif;base64,AAAA">`, "security"},
		"a page too wide":        {`<div style="width: 3000px">x</div>`, "wide on a screen"},
		"pale text":              {`<p style="color: #aaa; background: #fff">pale</p>`, "contrast"},
		"a control with no name": {`<input id="a">`, "no label"},
		"an id twice":            {`<p id="a"></p><p id="a"></p>`, "an id occurs twice"},
		"a dead link":            {`<a href="#nowhere">x</a>`, "leads nowhere"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := job{out: t.TempDir(), views: views[:1]}.run(t.Context(), io.Discard, []string{pageOf(t, tt.body)})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	t.Run("a good page", func(t *testing.T) {
		if err := (job{out: t.TempDir(), views: views}).run(t.Context(), io.Discard, []string{pageOf(t, `<p>good</p>`)}); err != nil {
			t.Error(err)
		}
	})
}

func TestUsage(t *testing.T) {
	if err := (job{out: t.TempDir()}).run(t.Context(), io.Discard, nil); err == nil {
		t.Error("no page, and no error")
	}
}
