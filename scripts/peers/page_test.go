package main

import (
	"bytes"
	"os"
	"testing"
)

// The page depends on the pins only, so that a change of either shows without a run.
func TestPageIsOfThePins(t *testing.T) {
	parts, err := loadParts(".")
	if err != nil {
		t.Fatal(err)
	}
	want, err := renderPage(parts)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../" + pageFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error(pageFile + " is not of the pins: run make peers, with PART=NAME for one part")
	}
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
