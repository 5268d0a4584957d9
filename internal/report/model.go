package report

// Report is the complete result of one run of verify or drift. The zero value is a valid,
// empty report.
type Report struct {
	// Kind selects the terms: findings have an expected and an actual value, changes have
	// an old and a new one.
	Kind Kind
	// Title is the heading, such as "Recordings against the contract".
	Title string
	Tool  Tool
	// Subject lists what was checked and with what it was compared, in order, such as
	// {"contract", "v2-2024-05-30.yaml"}.
	Subject []Label
	Verdict Verdict
	// Counters are the numbers of the summary, in output order.
	Counters []Counter
	// Items are the findings or changes, in output order. The caller groups equal items.
	Items []Item
	// Rules describes the rules of Items. A rule of an item may be missing.
	Rules []Rule
	// Coverage is nil if the report has none, as for drift.
	Coverage *Coverage
	// Notes are facts that do not affect the verdict.
	Notes []Item
	// Accepted are the changes that do not affect the verdict, because they were accepted.
	Accepted []Accepted
	// UnusedAcceptances are acceptances that match no change, or that expired.
	UnusedAcceptances []Acceptance
	// Unreadable are the inputs that could not be checked.
	Unreadable []Unreadable
	// First is a sentence about what to do before Next, or "".
	First string
	// Next is the command to run next, such as "make openapi UPSTREAM=…"; the
	// report ends with it.
	Next string `max:"4000"`
	// Document is the value that the JSON format encodes: the struct of verify or drift.
	// The other formats do not use it.
	Document any
}

// Kind distinguishes findings from changes.
type Kind int

const (
	// Findings are deviations of recordings from a contract.
	Findings Kind = iota
	// Changes are differences between two contracts.
	Changes
)

// Level is a severity. The empty Level is [LevelNone].
type Level string

// The levels of SARIF, the most severe first.
const (
	LevelError   Level = "error"
	LevelWarning Level = "warning"
	LevelNote    Level = "note"
	LevelNone    Level = "none"
)

// Tool is the program that wrote the report.
type Tool struct {
	Name    string
	Version string
	// URL is the absolute URL of the program's home page, or "".
	URL string
}

// Label is a named value; labels are shown in the given order.
type Label struct {
	Name  string
	Value string
}

// Verdict is the report's result in one word.
type Verdict struct {
	// Name is the word, such as "pass", "fail", "breaking" or "in-sync".
	Name string
	// Level determines the color; LevelNone is a good result.
	Level Level
	// Text is a sentence such as "1 error in 67 exchanges of 3 files". If it is empty, the
	// writers use the counters.
	Text string
}

// Counter is one number of the summary.
type Counter struct {
	// Name is a plural noun, such as "exchanges".
	Name  string
	Value int
	// Level determines the color of a number other than 0.
	Level Level
}

// Item is one finding or one change.
type Item struct {
	// ID is the same on every run, such as the id of a change in drift. If it is empty, the
	// SARIF fingerprint is derived from rule, operations and pointers.
	ID string
	// Rule is the stable rule id, such as "undeclared-field".
	Rule string
	// Keyword is the schema keyword that failed, such as "pattern", or "".
	Keyword string
	Level   Level
	// Verdict is drift's verdict on this change, or "".
	Verdict string
	// Fails reports whether the item makes the command fail although its level is milder
	// than error, as drift's --fail-on requests. Errors always fail.
	Fails bool
	// Message is one sentence.
	Message string
	// Expected and Actual (or old and new) are JSON text or text in the notation of the
	// contract; "" means "none".
	Expected string `max:"240"`
	Actual   string `max:"240"`
	// Hint is the probable cause.
	Hint string
	// Next is the recommended action.
	Next string
	// Curl is a command line that repeats the request, without credentials.
	Curl string `max:"4000"`
	// Count is the number of occurrences; 0 counts as 1.
	Count int
	// Places are the first places of the occurrences. Location may be among them.
	Places []Location
	// Location is the primary place: for a finding, the place in the recording; for a
	// change, the place in the newer contract.
	Location Location
	// Related is the place in the contract that a finding violates, or the place of a change
	// in the baseline, or nil.
	Related    *Location
	Operations []string
	Versions   []string
	// Affects are the exported names of client and gen that would change.
	Affects []string
	// Labels are additional facts, such as {"status", "200"}.
	Labels []Label
}

// Location is a place in a file.
type Location struct {
	// File is the path as the user wrote it, or "" if unknown.
	File string
	// Entry is the index of the exchange in a recording, from 0. It is nil if the file has no
	// entries.
	Entry *int
	// Line starts at 1; 0 means unknown.
	Line int
	// Pointer is an RFC 6901 JSON pointer; "" is the whole document.
	Pointer string
}

// Rule describes a rule for SARIF and the HTML page.
type Rule struct {
	ID string
	// Short is one sentence; Help explains why the rule matters and how to fix a violation.
	Short string
	Help  string `max:"4000"`
	// Level is the rule's default level.
	Level Level
}

// Acceptance is a decision to accept a change.
type Acceptance struct {
	// ID is the id of the change.
	ID     string
	Reason string
	// Expires is a date as YYYY-MM-DD, or "".
	Expires string
	Expired bool
}

// Accepted is an accepted change and its acceptance.
type Accepted struct {
	Item       Item
	Acceptance Acceptance
}

// Unreadable is an input that could not be checked, with the reason.
type Unreadable struct {
	Location Location
	Reason   string
}
