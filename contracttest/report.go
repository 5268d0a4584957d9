package contracttest

import (
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// Report is the result of a verification. Its JSON encoding is the output of
// `exportbuckets verify --format json`.
type Report struct {
	Summary Summary `json:"summary"`
	// Findings are grouped: equal findings are one entry with a count. They are in the
	// order in which they were first found.
	Findings []Finding `json:"findings"`
	Coverage Coverage  `json:"coverage"`
	// Unreadable are the recordings, or parts of them, that could not be validated.
	Unreadable []Unreadable `json:"unreadable"`
	// SkippedRecordings are files in folders that are recordings in an unsupported format.
	// They were skipped; at most 20 are listed.
	SkippedRecordings []Unreadable `json:"skippedRecordings,omitempty"`
	// NotJudged are the keywords that were not validated because it would take too long.
	NotJudged []NotJudged `json:"notJudged,omitempty"`

	// Corrections are the reasons of the corrections that [Options].Corrections made to
	// the contract.
	Corrections []string `json:"corrections,omitempty"`

	contract *contract.Contract
	subject  []report.Label // the recordings and the contract
	bodyFile string         // a file in which a HAR keeps a body
}

// Summary contains the counts of a verification.
type Summary struct {
	// Files counts the recordings read, Skipped counts the files in folders that are not
	// recordings.
	Files   int `json:"files"`
	Skipped int `json:"skipped"`
	// Exchanges is the sum of Checked and OutOfScope.
	Exchanges  int `json:"exchanges"`
	Checked    int `json:"checked"`
	OutOfScope int `json:"outOfScope"`
	// BodiesNotRecorded counts the bodies that the contract declares and the recordings
	// lack: those of responses, and those of requests that must have a body. They are not
	// validated.
	BodiesNotRecorded int `json:"bodiesNotRecorded"`
	// Unanswered counts recorded requests without a response.
	Unanswered int `json:"unanswered"`
	// PreviewsLeftOut counts the operations that [Options].Operations omitted because they
	// exist only as a preview.
	PreviewsLeftOut int `json:"previewsLeftOut,omitempty"`
	// Errors and Warnings count the entries of Findings and the omitted findings.
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	// Omitted counts the findings that are not in Findings: those after the first 1,000
	// different ones, after the first 500 of one exchange, and after 1 MiB of text.
	Omitted int `json:"omitted,omitempty"`
}

// Finding is one way in which recordings violate the contract.
type Finding struct {
	Rule Rule `json:"rule"`
	// Keyword is the violated keyword of the schema, such as "pattern".
	Keyword  string   `json:"keyword,omitempty"`
	Severity Severity `json:"severity"`
	// Operation is the operation's short name, "" if the contract declares no operation.
	Operation string `json:"operation"`
	Status    int    `json:"status"`
	// MediaType is the media type of the request or response that has the finding.
	MediaType string `json:"mediaType"`
	// Recording is the first place of the finding.
	Recording Recording `json:"recording"`
	// Name is the name of the header or parameter that has the finding, else "".
	Name string `json:"name,omitempty"`
	// Pointer is the place in the body (RFC 6901).
	Pointer  string    `json:"pointer"`
	Spec     SpecPlace `json:"spec"`
	Expected string    `json:"expected"`
	// Actual is cut to a window around the invalid part, and contains no credential.
	Actual  string `json:"actual"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	// Curl is a command that repeats the request; it contains no credential.
	Curl string `json:"curl,omitempty"`
	// Count is the number of occurrences; Places are the first places of them.
	Count int `json:"count"`
	// Oldest is the time of the oldest occurrence (RFC 3339), "" if no recording contains
	// times.
	Oldest string      `json:"oldest,omitempty"`
	Places []Recording `json:"places,omitempty"`

	valueType string // the JSON type of the value, "" if there is none
	branch    string // the pointer of the branch that the value matches, "" if there is none
}

// Recording is a place in a recording.
type Recording struct {
	File string `json:"file"`
	// Entry counts from 0; -1 is the file as a whole.
	Entry int `json:"entry"`
	// Line is the first line of the entry, counted from 1; 0 means unknown.
	Line int `json:"line"`
	// Pointer is the place in the body, if it differs from the finding's Pointer.
	Pointer string `json:"pointer,omitempty"`
}

// SpecPlace is a place in a specification.
type SpecPlace struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Pointer string `json:"pointer"`
}

// Unreadable is a recording, or an entry of one, that could not be read.
type Unreadable struct {
	Recording Recording `json:"recording"`
	Reason    string    `json:"reason"`
}

// NotJudged is a keyword of the contract against which some values were not validated.
type NotJudged struct {
	Operation string    `json:"operation"`
	Spec      SpecPlace `json:"spec"`
	Reason    string    `json:"reason"`
	// Count is the number of values.
	Count int `json:"count"`
}

// Holds reports whether the recordings conform to the contract: no finding is an error, and
// the coverage is not below the required minimum.
func (r *Report) Holds() bool { return r.Summary.Errors == 0 && !r.Coverage.Short() }

// count sets the numbers of errors and warnings.
func (r *Report) count(omittedErrors, omittedWarnings int) {
	for _, f := range r.Findings {
		if f.Severity == SeverityError {
			r.Summary.Errors++
		} else {
			r.Summary.Warnings++
		}
	}
	r.Summary.Errors += omittedErrors
	r.Summary.Warnings += omittedWarnings
	r.Summary.Omitted = omittedErrors + omittedWarnings
}
