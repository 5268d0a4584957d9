package contracttest

import (
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// Report is what a verification found. Encoded as JSON it has the shape that
// `exportbuckets verify --format json` prints.
type Report struct {
	Summary Summary `json:"summary"`
	// Findings are grouped: equal ones are one entry with a count. They stand in the
	// order in which they were first seen.
	Findings []Finding `json:"findings"`
	Coverage Coverage  `json:"coverage"`
	// Unreadable are the recordings, or parts of them, that could not be judged.
	Unreadable []Unreadable `json:"unreadable"`
	// SkippedRecordings are the files of folders that were skipped although they are
	// recordings: those of tools whose format is not read. At most 20 are named.
	SkippedRecordings []Unreadable `json:"skippedRecordings,omitempty"`
	// NotJudged are the keywords that were not judged, because that took too long.
	NotJudged []NotJudged `json:"notJudged,omitempty"`

	// Corrections are the reasons of the corrections that [Options].Corrections made to
	// the contract.
	Corrections []string `json:"corrections,omitempty"`

	contract *contract.Contract
	subject  []report.Label // what was verified, and against what
	bodyFile string         // a file that a HAR names as a body's place
}

// Summary counts.
type Summary struct {
	// Files are the recordings read, Skipped the files of folders that are none.
	Files   int `json:"files"`
	Skipped int `json:"skipped"`
	// Exchanges is Checked and OutOfScope together.
	Exchanges  int `json:"exchanges"`
	Checked    int `json:"checked"`
	OutOfScope int `json:"outOfScope"`
	// BodiesNotRecorded are the bodies that the contract declares and the recordings
	// lack: those of responses, and of requests that must have one. They are not judged.
	BodiesNotRecorded int `json:"bodiesNotRecorded"`
	// Unanswered are recorded requests without an answer.
	Unanswered int `json:"unanswered"`
	// PreviewsLeftOut are the operations that [Options].Operations left out because they
	// exist only as a preview.
	PreviewsLeftOut int `json:"previewsLeftOut,omitempty"`
	// Errors and Warnings count the entries of Findings, and those omitted.
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	// Omitted are the findings beyond the first 2,000 different ones.
	Omitted int `json:"omitted,omitempty"`
}

// Finding is one way in which recordings violate the contract.
type Finding struct {
	Rule Rule `json:"rule"`
	// Keyword is what failed within the rule: the keyword of the schema, such as
	// "pattern".
	Keyword  string   `json:"keyword,omitempty"`
	Severity Severity `json:"severity"`
	// Operation is the short name, "" where no operation is declared.
	Operation string `json:"operation"`
	Status    int    `json:"status"`
	// MediaType is the one of the message that the finding is about.
	MediaType string `json:"mediaType"`
	// Recording is the first place.
	Recording Recording `json:"recording"`
	// Name is the header's or the parameter's that the finding is about, else "".
	Name string `json:"name,omitempty"`
	// Pointer is the place in the body (RFC 6901).
	Pointer  string    `json:"pointer"`
	Spec     SpecPlace `json:"spec"`
	Expected string    `json:"expected"`
	// Actual is cut to a window around the fault, and holds no credential.
	Actual  string `json:"actual"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	// Curl asks again; it holds no credential.
	Curl string `json:"curl,omitempty"`
	// Count is how often the finding was made; Places are the first places of it.
	Count int `json:"count"`
	// Oldest is when the first of them was recorded (RFC 3339), "" where no recording
	// says so.
	Oldest string      `json:"oldest,omitempty"`
	Places []Recording `json:"places,omitempty"`

	valueType string // the JSON type of the value, "" for none
	branch    string // the pointer of the branch that the value fits, "" for none
}

// Recording is a place in a recording.
type Recording struct {
	File string `json:"file"`
	// Entry counts from 0; -1 is the file as a whole.
	Entry int `json:"entry"`
	// Line is where the entry begins, from 1; 0 is unknown.
	Line int `json:"line"`
	// Pointer is the place in the body where it differs from the finding's own.
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

// NotJudged is a keyword of the contract that some values were not judged by.
type NotJudged struct {
	Operation string    `json:"operation"`
	Spec      SpecPlace `json:"spec"`
	Reason    string    `json:"reason"`
	// Count is the number of values.
	Count int `json:"count"`
}

// Holds reports whether the recordings conform to the contract: no finding is an error, and
// the coverage is not below the minimum that was asked for.
func (r *Report) Holds() bool { return r.Summary.Errors == 0 && !r.Coverage.Short() }

// count fills in how many findings there are.
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
