package contracttest

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is the stable id of a check.
type Rule string

// The rules. An error of any of them means that the exchange does not keep the
// contract.
const (
	// UnknownOperation is a known path with a method that the contract does not declare.
	UnknownOperation Rule = "unknown-operation"
	// UndeclaredStatus is an answer with a status that the contract does not declare, redirects included.
	UndeclaredStatus Rule = "undeclared-status"
	// WrongMediaType is an answer of another media type than declared, or of another version than due.
	WrongMediaType Rule = "media-type"
	// BadHeader is a declared header of an answer that is missing or has a wrong value.
	BadHeader Rule = "header"
	// MissingBody is an empty answer where a body is declared.
	MissingBody Rule = "missing-body"
	// UnexpectedBody is a body where none can be.
	UnexpectedBody Rule = "unexpected-body"
	// MalformedJSON is a body that is no JSON: its syntax, what trails it, or bytes that are not UTF-8.
	MalformedJSON Rule = "malformed-json"
	// DuplicateKey is an object that has a key twice.
	DuplicateKey Rule = "duplicate-key"
	// BadSchema is a value that breaks a keyword of its schema.
	BadSchema Rule = "schema"
	// UndeclaredField is a field of an answer that the contract does not declare.
	UndeclaredField Rule = "undeclared-field"
	// BadParameter is a path or query parameter with a wrong value, or a required one that is missing.
	BadParameter Rule = "parameter"
	// UndeclaredQuery is a query parameter that the contract does not declare.
	UndeclaredQuery Rule = "undeclared-query"
	// BadRequestBody is a request body that the contract does not allow.
	BadRequestBody Rule = "request-body"
	// Secret is a credential in a recording.
	Secret Rule = "secret"
)

// Rules lists all rules, in the order in which an exchange is judged by them.
func Rules() []Rule {
	return []Rule{
		UnknownOperation, UndeclaredStatus, WrongMediaType, BadHeader, MissingBody, UnexpectedBody, MalformedJSON,
		DuplicateKey, BadSchema, UndeclaredField, BadParameter, UndeclaredQuery, BadRequestBody, Secret,
	}
}

// Severity is what a finding of a rule means for the verdict.
type Severity string

// The severities. An error fails the verdict, a warning is told only, and a rule
// that is off is not told.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityOff     Severity = "off"
)

// ParseSeverities reads RULE=SEVERITY pairs, as the verify command takes them. A rule may
// be named once. The error names what is allowed.
func ParseSeverities(pairs []string) (map[Rule]Severity, error) {
	severities := map[Rule]Severity{}
	for _, pair := range pairs {
		rule, severity, ok := strings.Cut(pair, "=")
		switch {
		case !ok:
			return nil, fmt.Errorf("severity %q: write RULE=error, RULE=warning or RULE=off", pair)
		case !slices.Contains(Rules(), Rule(rule)):
			return nil, fmt.Errorf("severity %q: there is no rule %q; the rules are %s", pair, rule, joined(Rules()))
		case !slices.Contains([]Severity{SeverityError, SeverityWarning, SeverityOff}, Severity(severity)):
			return nil, fmt.Errorf("severity %q: use error, warning or off", pair)
		}
		if _, named := severities[Rule(rule)]; named {
			return nil, fmt.Errorf("severity %q: the rule is named twice; name it once", pair)
		}
		severities[Rule(rule)] = Severity(severity)
	}
	return severities, nil
}

func joined[T ~string](items []T) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = string(item)
	}
	return strings.Join(texts, ", ")
}
