package contracttest

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is the stable id of a check.
type Rule string

// The rules. A finding of severity error means that the exchange does not conform to the
// contract.
const (
	// UnknownOperation is a known path with a method that the contract does not declare.
	UnknownOperation Rule = "unknown-operation"
	// UndeclaredStatus is a response status that the contract does not declare, including
	// redirects.
	UndeclaredStatus Rule = "undeclared-status"
	// WrongMediaType is a response with another media type than declared, or another
	// version than expected.
	WrongMediaType Rule = "media-type"
	// BadHeader is a declared response header that is missing or has a wrong value.
	BadHeader Rule = "header"
	// MissingBody is an empty response where a body is declared.
	MissingBody Rule = "missing-body"
	// UnexpectedBody is a body where none is allowed.
	UnexpectedBody Rule = "unexpected-body"
	// MalformedJSON is a body that is not JSON: a syntax error, data after the value, or
	// bytes that are not UTF-8.
	MalformedJSON Rule = "malformed-json"
	// DuplicateKey is an object that has a key twice.
	DuplicateKey Rule = "duplicate-key"
	// BadSchema is a value that violates a keyword of its schema.
	BadSchema Rule = "schema"
	// UndeclaredField is a response field that the contract does not declare.
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

// Rules returns all rules, in the order in which they are applied.
func Rules() []Rule {
	return []Rule{
		UnknownOperation, UndeclaredStatus, WrongMediaType, BadHeader, MissingBody, UnexpectedBody, MalformedJSON,
		DuplicateKey, BadSchema, UndeclaredField, BadParameter, UndeclaredQuery, BadRequestBody, Secret,
	}
}

// Severity is the effect of a rule's findings on the verdict.
type Severity string

// The severities. An error makes the verdict fail, a warning is only reported, and findings
// of a rule that is off are not reported.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityOff     Severity = "off"
)

// ParseSeverities parses RULE=SEVERITY pairs, the values of verify --severity. A rule may
// occur only once. The error lists the valid values.
func ParseSeverities(pairs []string) (map[Rule]Severity, error) {
	severities := map[Rule]Severity{}
	for _, pair := range pairs {
		rule, severity, ok := strings.Cut(pair, "=")
		switch {
		case !ok:
			return nil, fmt.Errorf("severity %q: write RULE=error, RULE=warning or RULE=off", pair)
		case !slices.Contains(Rules(), Rule(rule)):
			return nil, fmt.Errorf("severity %q: unknown rule %q; the rules are %s", pair, rule, joined(Rules()))
		case !slices.Contains([]Severity{SeverityError, SeverityWarning, SeverityOff}, Severity(severity)):
			return nil, fmt.Errorf("severity %q: use error, warning or off", pair)
		}
		if _, named := severities[Rule(rule)]; named {
			return nil, fmt.Errorf("severity %q: the rule occurs twice; pass it once", pair)
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
