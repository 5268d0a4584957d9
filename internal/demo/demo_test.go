package demo_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/demo"
)

func TestDemoOutput(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	if err := demo.Run(t.Context(), &out, demo.Options{Keep: dir}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1203 buckets: 401 AWS, 401 Azure, 401 GCP",
		"Create client.AWS", "Create client.Azure", "Create client.GCP",
		"private networking is now true", "3 buckets deleted", "client.ErrNotFound: 404 EXPORT_BUCKET_NOT_FOUND",
		"1 for a Digest challenge", "0 violate it", "falsified: 1 finding",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, &out)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "demo.yaml")); err != nil {
		t.Error(err)
	}
}

func TestDemoIsDeterministic(t *testing.T) {
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := demo.Run(t.Context(), out, demo.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	_, a, _ := strings.Cut(first.String(), "\n")
	_, b, _ := strings.Cut(second.String(), "\n")
	if a != b {
		t.Errorf("first:\n%s\nsecond:\n%s", a, b)
	}
}
