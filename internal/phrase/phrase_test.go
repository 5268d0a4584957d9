package phrase_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 2: "2 files", -1: "-1 files"} {
		if got := phrase.Count(n, "file"); got != want {
			t.Errorf("Count(%d) is %q, want %q", n, got, want)
		}
	}
}

// TestShell checks that a shell reads each quoted word as the original word.
func TestShell(t *testing.T) {
	words := []string{"", "plain", "a=b,c", "with space", "it's", `"$HOME" \ `, "`id`", "*", "~", "a\nb", "ä"}
	for _, quote := range []func(string) string{phrase.ShellWord, phrase.ShellQuote} {
		var line strings.Builder
		for _, word := range words {
			line.WriteString(" " + quote(word))
		}
		sh, err := exec.LookPath("sh")
		if err != nil {
			t.Skip(err)
		}
		out, err := exec.CommandContext(t.Context(), sh, "-c", `printf '%s\0'`+line.String()).Output()
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.Join(words, "\x00") + "\x00"; string(out) != want {
			t.Errorf("the shell reads %q, want %q", out, want)
		}
	}
	if got := phrase.ShellWord("a-b/c.d:e@f%g+h=i,j_k"); got != "a-b/c.d:e@f%g+h=i,j_k" {
		t.Errorf("a plain word is quoted: %s", got)
	}
}

func TestNearestOfSeveral(t *testing.T) {
	names := []string{"listClusters", "getCluster", "", "x"}
	for text, want := range map[string]string{
		"listCluster": "listClusters", "LISTCLUSTERS": "listClusters", "gtCluster": "getCluster",
		"somethingElse": "", "y": "", "": "", strings.Repeat("listClusters", 20): "",
	} {
		if got := phrase.Nearest(text, names); got != want {
			t.Errorf("Nearest(%q) is %q, want %q", text, got, want)
		}
	}
}

// TestNearest checks which candidate is nearest to a misspelled name.
func TestNearest(t *testing.T) {
	for _, tt := range []struct{ text, candidates, want string }{
		{"AWS", "AWS AZURE GCP", "AWS"},
		{"aws", "AWS AZURE GCP", "AWS"},
		{"GPC", "AWS AZURE GCP", "GCP"},
		{"ORACLE", "AWS AZURE GCP", ""},
		{"bucketname", "bucketName buckets", "bucketName"},
		{"regoin", "origin region", "region"},
		{"", "a", ""},
		{"x", "y", ""},                 // nothing in common
		{"xx", "yy", ""},               // nothing in common
		{"ab", "cb", "cb"},             // one of two
		{"abc", "xyc", "xyc"},          // two of three
		{"abcdef", "uvwdef", "uvwdef"}, // three of six
		{"abcdef", "uvwxef", ""},       // four of six
		{"abcdefghi", "vwxydefghi", "vwxydefghi"},
		{"abcd", "abxd axxd", "abxd"},
		{"abcd", "axxd abxd", "abxd"},
	} {
		if got := phrase.Nearest(tt.text, strings.Fields(tt.candidates)); got != tt.want {
			t.Errorf("%q of %s is %q, want %q", tt.text, tt.candidates, got, tt.want)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	for text, want := range map[string]string{"regoin": "did you mean region?", "entirely else": ""} {
		if got := phrase.DidYouMean(text, []string{"roleId", "region"}); got != want {
			t.Errorf("DidYouMean(%q) is %q, want %q", text, got, want)
		}
	}
}

func TestWithoutPath(t *testing.T) {
	reason := errors.New("no space left on device")
	path := &fs.PathError{Op: "open", Path: "a", Err: reason}
	wrapped := fmt.Errorf("read the accepted changes: %w", path)
	for _, tt := range []struct{ err, want error }{
		{path, reason},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: reason}, reason},
		{wrapped, wrapped},
		{reason, reason},
		{nil, nil},
	} {
		if got := phrase.WithoutPath(tt.err); got != tt.want { //nolint:errorlint // the very error is meant
			t.Errorf("%v becomes %v, want %v", tt.err, got, tt.want)
		}
	}
}

// TestFirst checks that "more" counts at least one name.
func TestFirst(t *testing.T) {
	for most, want := range map[int]string{1: "a and 2 more", 2: "a, b and 1 more", 3: "a, b, c", 4: "a, b, c"} {
		if got := phrase.First([]string{"a", "b", "c"}, most); got != want {
			t.Errorf("the first %d: %q, want %q", most, got, want)
		}
	}
}

// TestList checks a total that is larger than the names.
func TestList(t *testing.T) {
	if got, want := phrase.List([]string{"a", "b"}, 9), "a, b and 7 more"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestCut checks that only longer texts are cut, and that no character is divided.
func TestCut(t *testing.T) {
	for text, want := range map[string]string{"": "", "abcd": "abcd", "abcde": "abcd…", "abcß": "abc…", "abß": "abß"} {
		if got := phrase.Cut(text, 4); got != want {
			t.Errorf("%q is cut to %q, want %q", text, got, want)
		}
	}
}
