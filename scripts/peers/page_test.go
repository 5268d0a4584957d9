package main

import (
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
)

// The page depends on the pins only, so that a change of either shows without a run.
// With -update the test writes it, after a merge for example.
func TestPageIsOfThePins(t *testing.T) {
	parts, err := loadParts(".")
	if err != nil {
		t.Fatal(err)
	}
	want, err := renderPage(parts)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "../../"+pageFile, want)
}

func TestStaysHaveReasons(t *testing.T) {
	parts, err := loadParts(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		for _, s := range p.Stays {
			if s.Reason == "" {
				t.Errorf("%s: %s: %s has no reason", p.Name, s.Case, s.Code)
			}
		}
	}
}
