// Package report holds one neutral model of what a judgement found and the
// writers that tell it: text for people, JSON for programs, JUnit and SARIF for
// CI systems, workflow commands for GitHub, Markdown for an issue, and one
// self-contained HTML page.
//
// The verify and drift commands fill the same [Report]; neither knows a format.
// A domain with a JSON shape of its own puts that value in [Report.Document] and
// the JSON format encodes it as it is; every other format is written from the
// model alone.
//
// The way through the package:
//
//	model.go coverage.go   what can be told
//	format.go              Write: picks the writer of a Format
//	words.go               what every format says the same way: places, summaries, order
//	tame.go cut.go         every string of the model made harmless and bounded, once, before a writer sees it
//	text*.go terminal.go   text, and when it may have colour
//	json.go junit.go sarif.go github.go markdown.go html.go   a writer each
//	page/                  the HTML page's template, style and script
//
// Everything in the model is hostile: recorded traffic and foreign
// specifications are quoted in it. tame makes control characters, terminal
// sequences, bidirectional overrides and broken UTF-8 visible instead of active
// and cuts long text to a window; each writer then escapes what its own format
// treats as syntax.
//
// Output is the same to the byte for the same model: nothing is read from the
// clock, the environment or a map's order.
package report
