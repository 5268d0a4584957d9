// Package result defines the form in which a part of `make peers` reports the results of
// its peers. scripts/peers/README.md describes it.
package result

import (
	"encoding/json"
	"errors"
	"os"
)

// Result is the result of one run of a part.
type Result struct {
	// Versions maps a peer's name to its version.
	Versions map[string]string `json:"versions"`
	Counts   []Count           `json:"counts"`
	Failures []Failure         `json:"failures"`
}

// Count is how often something occurred.
type Count struct {
	Case  string `json:"case"`
	Count int    `json:"count"`
}

// Failure is one thing that a peer reported as wrong. Case and Code identify its kind and
// must not change between runs; Text is shown if the kind is not pinned.
type Failure struct {
	Case string `json:"case"`
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
}

// Count adds a count. Each name must be added once.
func (r *Result) Count(name string, n int) {
	r.Counts = append(r.Counts, Count{name, n})
}

// Fail adds a failure.
func (r *Result) Fail(name, code, text string) {
	r.Failures = append(r.Failures, Failure{name, code, text})
}

// Version sets the version of a peer.
func (r *Result) Version(peer, version string) {
	if r.Versions == nil {
		r.Versions = make(map[string]string)
	}
	r.Versions[peer] = version
}

// Write writes the result to the file that the environment variable PEERS_OUT names.
func (r *Result) Write() error {
	file := os.Getenv("PEERS_OUT")
	if file == "" {
		return errors.New("PEERS_OUT is not set; run this through make peers")
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

// Break returns the name of the defect that this run must apply, or "" for a normal run.
func Break() string { return os.Getenv("PEERS_BREAK") }
