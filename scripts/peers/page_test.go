package main

import (
	"reflect"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
)

// The page depends only on the pins, so this test detects a change of either without a run.
// With -update the test writes the page, for example after a merge.
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

func TestByReason(t *testing.T) {
	a, b, c := stay{Case: "a", Reason: "one"}, stay{Case: "b", Reason: "two"}, stay{Case: "c", Reason: "one"}
	got := byReason([]stay{a, b, c})
	if want := [][]stay{{a, c}, {b}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
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
