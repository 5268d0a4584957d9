package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// GitHub refuses a longer body; what is left out is counted, and what is grave
// or tells what to do next is not left out.
func TestMarkdownIsBounded(t *testing.T) {
	r := driftSample()
	for n := range 2000 {
		i := Item{ID: strconv.Itoa(n), Rule: "response-field-added", Level: LevelNote, Verdict: "additive", Message: strings.Repeat("@[x](y)|", 40), Actual: strings.Repeat("`", 100)}
		r.Items = append(r.Items, i)
	}
	last := Item{ID: "last", Rule: "response-field-removed", Level: LevelError, Verdict: "breaking", Message: "the last and gravest"}
	r.Items = append(r.Items, last)
	for limit, bound := range map[int]int{0: 65_000, 40_000: 40_000, 10: 32_768} {
		got := string(written(t, Markdown, r, Options{MaxBytes: limit}))
		if len(got) > bound {
			t.Errorf("limit %d: %d bytes", limit, len(got))
		}
		for _, want := range []string{last.Message, "make openapi UPSTREAM=atlas-v2.yaml"} {
			if !strings.Contains(got, want) {
				t.Errorf("limit %d: no %q", limit, want)
			}
		}
		var left int
		if _, err := fmt.Sscanf(regexp.MustCompile(`_\d+ changes more`).FindString(got), "_%d", &left); err != nil || left+strings.Count(got, "<details>") != len(r.Items) {
			t.Errorf("limit %d: %d left out and %d told of %d", limit, left, strings.Count(got, "<details>"), len(r.Items))
		}
	}
}

func TestMarkdownEscapes(t *testing.T) {
	tests := map[string]string{
		"@team see #12":            "@&#8203;team see #&#8203;12",
		"<img src=x onerror=y>":    "&lt;img src=x onerror=y&gt;",
		"a | b":                    `a \| b`,
		"[click](https://evil)":    `\[click\](https:&#8203;//evil)`,
		"`code` *b* _i_ ~s~ $m$ !": "\\`code\\` \\*b\\* \\_i\\_ \\~s\\~ \\$m\\$ \\!",
		"www.evil.example":         "www&#8203;.evil.example",
		`C:\temp`:                  `C:\\temp`,
	}
	for text, want := range tests {
		if got := mdText(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestMarkdownCodeSpans(t *testing.T) {
	tests := map[string]string{
		"":       "",
		"a":      "`a`",
		"a`b":    "``a`b``",
		"`":      "`` ` ``",
		"``a":    "``` ``a ```",
		" a":     "`  a `",
		"a|b*`_": "<code>a&#124;b&#42;&#96;&#95;</code>",
		"<b>|":   "<code>&lt;b&gt;&#124;</code>",
	}
	for text, want := range tests {
		if got := mdCode(text); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
	if got := mdFence("sh", "a\n```\nb"); got != "````sh\na\n```\nb\n````\n" {
		t.Errorf("fence %q", got)
	}
}
