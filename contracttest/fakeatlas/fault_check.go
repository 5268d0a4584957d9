package fakeatlas

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// check returns an error for an invalid fault.
func (f Fault) check() error {
	problem := f.kindProblem()
	if problem == "" {
		problem = f.errorProblem()
	}
	if problem == "" {
		problem = f.limitProblem()
	}
	if problem == "" {
		return nil
	}
	return fmt.Errorf("fakeatlas: fault %q: %s", f.String(), problem)
}

// kindProblem checks the kind and its value.
func (f Fault) kindProblem() string {
	switch takes, known := faultKinds[f.kind]; {
	case !known:
		return "the kind is unknown"
	case takes == takesStatus && (f.status < 400 || f.status > 599):
		return "the status must be from 400 to 599"
	case takes == takesText && (f.text == "" || !isHeaderText(f.text)):
		return "it needs a text without control characters"
	case takes == takesDuration && f.pause < 0 && f.kind != kindClock:
		return "the duration must not be negative"
	}
	return ""
}

// errorProblem checks the parts of the error.
func (f Fault) errorProblem() string {
	var list []any
	switch {
	case (f.code != "" || f.detail != "" || f.parameters != "") && f.kind != kindStatus && f.kind != kindRateLimit:
		return "only status and rate-limit have a code, a detail and parameters"
	case !isHeaderText(f.code):
		return "the code must not have control characters"
	case !utf8.ValidString(f.detail):
		return "the detail must be UTF-8"
	case f.parameters != "" && json.Unmarshal([]byte(f.parameters), &list) != nil:
		return "the parameters must be a JSON list or null"
	}
	return ""
}

// limitProblem checks the limits of the fault.
func (f Fault) limitProblem() string {
	switch {
	case !faultTargets[f.on]:
		return "the operation is unknown"
	case f.project != "" && !hexID.MatchString(f.project), f.bucket != "" && !hexID.MatchString(f.bucket):
		return "an id has 24 digits from 0-9 and a-f"
	case f.account != "" && f.on == OpChallenge:
		return "a request without credentials names no account"
	case f.page < 0, f.page > 0 && f.on != OpUnknown && !f.on.lists():
		return "a page is a number from 1, and only lists have pages"
	case f.hasChance && !(f.chance >= 0 && f.chance <= 1):
		return "the probability must be from 0 to 1"
	}
	return ""
}

// isHeaderText reports whether a text may be part of a header.
func isHeaderText(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
}
