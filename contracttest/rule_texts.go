package contracttest

import "github.com/atlas-exportbuckets/exportbuckets/internal/report"

// texts describe each rule: the problem, and what to do about it.
var texts = map[Rule][2]string{
	UnknownOperation: {"The contract does not declare this method for this path.", "Check the method and the version that the Accept header asks for. If Atlas offers the operation, add it to the contract."},
	UndeclaredStatus: {"The contract does not declare this status.", "If Atlas sends it, declare it in the contract with a correction. A redirect or a 502 usually comes from a proxy between the client and Atlas."},
	WrongMediaType:   {"The response has another media type or version than declared.", "The version is a date in the media type. Request it in the Accept header, and validate the recording against that version."},
	BadHeader:        {"A declared header is missing or has a wrong value.", "Compare the value with the header's schema in the contract."},
	MissingBody:      {"The response is empty, and the contract declares a body.", "Check whether the recorder kept the body: in a HAR it is in content.text."},
	UnexpectedBody:   {"The response has a body where none is allowed.", "Responses with status 204, and to HEAD, have no body (RFC 9110)."},
	MalformedJSON:    {"The body is not one JSON value in UTF-8.", "Check the recording for truncation and for a wrong encoding."},
	DuplicateKey:     {"An object has a key twice.", "Parsers differ in which of the two they use (RFC 8259 §4)."},
	BadSchema:        {"A value does not match its schema.", "Either the contract is wrong (fix it with a correction) or the service is."},
	UndeclaredField:  {"The contract does not declare this field.", "A client generated from the contract cannot see the field. Update the contract from upstream, or add a correction."},
	BadParameter:     {"A parameter has a wrong value, or is missing.", "Compare the value with the parameter's schema in the contract."},
	UndeclaredQuery:  {"The contract does not declare this query parameter.", "Atlas ignores unknown parameters, so the call does less than its author expects."},
	BadRequestBody:   {"The contract does not allow the request body.", "Atlas accepted the request, but may reject it later."},
	Secret:           {"A recording contains a credential.", "Revoke it, then record again with contracttest.NewRecorder or --record, which do not record credentials."},
}

func ruleTexts() []report.Rule {
	var all []report.Rule
	for _, rule := range Rules() {
		all = append(all, report.Rule{ID: string(rule), Short: texts[rule][0], Help: texts[rule][1], Level: report.LevelError})
	}
	return all
}
