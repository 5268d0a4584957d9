// Package report has one neutral model of the results of verify and drift, and a writer
// for each format: text for people, JSON for programs, JUnit and SARIF for CI systems,
// workflow commands for GitHub, Markdown for an issue, and one self-contained HTML page.
//
// The verify and drift commands fill the same [Report] and do not depend on a format. A
// domain with its own JSON form stores that value in [Report.Document], and the JSON format
// encodes it unchanged; every other format is written only from the model.
//
// The files, in the order in which to read them:
//
//	model.go coverage.go   the model
//	format.go              Write: selects the writer of a Format
//	words.go               text that the formats share: places, summaries, order
//	sanitize.go cut.go     make every string of the model harmless and bounded, before a writer sees it
//	text*.go terminal.go   the text format, and when it has color
//	json.go junit.go sarif.go github.go markdown.go html.go   the writer of each other format
//	page/                  the HTML page's template, style and script
//
// Everything in the model is untrusted, because it quotes recorded traffic and
// specifications of others. sanitize makes control characters, terminal sequences,
// bidirectional overrides and invalid UTF-8 visible instead of active, and cuts long text
// to its beginning or its ends. Each writer then escapes the syntax of its own format.
//
// Equal models have equal output, byte for byte: the output does not depend on the clock,
// the environment or the order of a map.
package report
