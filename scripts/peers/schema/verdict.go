package main

import (
	"fmt"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

// verdict contains the verdicts on one case.
type verdict struct {
	name               string
	suite, verify, kin string
	foreign            []string // features of the schema that OpenAPI lacks
}

// difference describes a case where verify and the suite differ.
func (v verdict) difference() string {
	text := fmt.Sprintf("suite %s, verify %s, kin-openapi %s", v.suite, v.verify, v.kin)
	if len(v.foreign) > 0 {
		text += "; schema has " + strings.Join(v.foreign, ", ")
	}
	return text
}

// tally counts cases and, for each program, the cases in which it agrees with the suite.
type tally struct{ cases, verify, kin int }

func (t *tally) add(v verdict) {
	t.cases++
	if v.verify == v.suite {
		t.verify++
	}
	if v.kin == v.suite {
		t.kin++
	}
}

func (t tally) count(r *result.Result, what string) {
	r.Count(what, t.cases)
	r.Count(what+": verify agrees", t.verify)
	r.Count(what+": kin-openapi agrees", t.kin)
}

// report adds the counts of a suite and each case where verify differs from it. It fails if
// verify agrees in fewer cases than kin-openapi, regardless of the pins.
func report(r *result.Result, name string, verdicts []verdict) {
	var all, own tally
	onlyKin := 0
	for _, v := range verdicts {
		all.add(v)
		if len(v.foreign) == 0 {
			own.add(v)
		}
		if v.verify == v.suite {
			continue
		}
		r.Fail(name+": "+v.name, v.difference(), "")
		if v.kin == v.suite {
			onlyKin++
		}
	}
	all.count(r, name+": cases")
	own.count(r, name+": cases that OpenAPI has every keyword for")
	r.Count(name+": verify differs, kin-openapi agrees", onlyKin)
	if all.verify < all.kin || own.verify < own.kin {
		r.Fail(name, "verify agrees with fewer cases than kin-openapi by itself", "")
	}
}
