package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Envelope describes the expected envelope of a body that was requested with envelope=true.
type Envelope struct {
	// Status is the status of the response, which the envelope must repeat.
	Status int
	// List is true if the status is next to the members of the body, as in a page of
	// results, instead of next to a member named envelope that contains the body.
	List bool
	// Optional is true if the body may also have no envelope.
	Optional bool
	// Spec is the place in the contract where the parameter envelope is declared.
	Spec string
}

// CheckEnveloped validates a JSON text inside its envelope.
func (s *Schema) CheckEnveloped(text []byte, e Envelope) Verdict {
	all, failures, ok := parse(text, s.index.maxValues)
	if !ok {
		return Verdict{Failures: failures}
	}
	object, _ := all.value.(map[string]any)
	inner, wrapped := object["envelope"]
	switch {
	case e.Optional && !wrapped:
		return s.checkValue(all, all.value, "", failures)
	case object == nil:
		return Verdict{Failures: append(failures, e.failure("envelope", "missing", "the body has no envelope"))}
	}
	failures = append(failures, e.status(object)...)
	if e.List {
		rest := maps.Clone(object)
		delete(rest, "status")
		return s.checkValue(all, rest, "", failures)
	}
	if !wrapped {
		return Verdict{Failures: append(failures, e.failure("envelope", "missing", "the body has no envelope, although the request asked for one"))}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if name != "status" && name != "envelope" {
			failures = append(failures, Failure{
				Kind: Undeclared, Pointer: oas.Join("", name), Spec: e.Spec, Expected: "one of envelope, status",
				Actual: member(name, object[name]), Message: "an envelope has only the members envelope and status",
			})
		}
	}
	return s.checkValue(all, inner, "/envelope", failures)
}

func (e Envelope) status(object map[string]any) []Failure {
	given, there := object["status"]
	switch {
	case !there:
		return []Failure{e.failure("status", "missing", "the envelope does not repeat the status")}
	case given != json.Number(strconv.Itoa(e.Status)):
		f := e.failure("status", show(given), "the envelope has another status than the response")
		f.Keyword, f.Expected = "const", strconv.Itoa(e.Status)
		return []Failure{f}
	}
	return nil
}

func (e Envelope) failure(member, actual, message string) Failure {
	return Failure{Kind: Violation, Keyword: "required", Pointer: "/" + member, Spec: e.Spec, Expected: member, Actual: actual, Message: message}
}
