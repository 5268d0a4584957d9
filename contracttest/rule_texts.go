package contracttest

import "github.com/atlas-exportbuckets/exportbuckets/internal/report"

// texts describe the rules: what was found, and what to do about it.
var texts = map[Rule][2]string{
	UnknownOperation: {"The contract does not declare this method for this path.", "Check the method and the version that the Accept header asks for. If Atlas offers the operation, cut it into the contract."},
	UndeclaredStatus: {"The contract does not declare this status.", "If Atlas means it, declare it in the contract by a correction; a redirect or a 502 mostly comes from a proxy in between."},
	WrongMediaType:   {"The answer is of another media type or version than declared.", "A version is a date in the media type. Ask for it in Accept, and judge the recording by the contract of that version."},
	BadHeader:        {"A declared header is missing or has a wrong value.", "Compare the value with the header's schema in the contract."},
	MissingBody:      {"The answer is empty where a body is declared.", "Check whether the recorder kept the body: in a HAR, content.text holds it."},
	UnexpectedBody:   {"The answer has a body where none can be.", "Answers with status 204, and to HEAD, have none (RFC 9110)."},
	MalformedJSON:    {"The body is not one JSON value in UTF-8.", "Check the recording for truncation and for a wrong encoding."},
	DuplicateKey:     {"An object has a key twice.", "Readers differ in which of the two they take (RFC 8259 §4), so neither can be relied on."},
	BadSchema:        {"A value breaks its schema.", "Either the contract is wrong, which a correction mends, or the service is."},
	UndeclaredField:  {"The contract does not declare this field.", "A client made from the contract cannot see the field. Update the contract from upstream, or correct it."},
	BadParameter:     {"A parameter has a wrong value, or is missing.", "Compare the value with the parameter's schema in the contract."},
	UndeclaredQuery:  {"The contract does not declare this query parameter.", "Atlas ignores parameters that it does not know, so the call does less than it says."},
	BadRequestBody:   {"The request body is not what the contract allows.", "The call was answered all the same; it may be refused tomorrow."},
	Secret:           {"A recording holds a credential.", "Revoke it, then record again with contracttest.NewRecorder or --record, which leave credentials out."},
}

func ruleTexts() []report.Rule {
	var all []report.Rule
	for _, rule := range Rules() {
		all = append(all, report.Rule{ID: string(rule), Short: texts[rule][0], Help: texts[rule][1], Level: report.LevelError})
	}
	return all
}
