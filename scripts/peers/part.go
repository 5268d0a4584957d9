package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

// part is one group of peers: the programs that it needs, the command that runs it, and the
// results that it reports. Its fields are read from pins.json.
type part struct {
	Name string `json:"-"` // the folder's name
	file string // pins.json

	Title string   `json:"title"`
	Asked []string `json:"asked"` // the description of the run in docs/peers.md, by paragraph
	Needs needs    `json:"needs"`
	// Run is the command, started at the repository's root. If the first word is "go", the
	// second is a package of module scripts, which is built and run.
	Run     []string `json:"run"`
	Minutes int      `json:"minutes"` // limit of one run; the run is killed after that

	// Versions maps a peer's name to its version, or to the beginning of it: Debian's
	// packages are pinned without the part of the version that a security update may
	// change.
	Versions map[string]string `json:"versions"`
	Counts   []result.Count    `json:"counts"`
	Stays    []stay            `json:"stays"`
	Breaks   []breakage        `json:"breaks"`
}

// stay is a known failure, with its reason.
type stay struct {
	Case   string `json:"case"`
	Code   string `json:"code"`
	Count  int    `json:"count"`
	Reason string `json:"reason"`
}

// breakage is a run with a deliberate defect, which must fail.
type breakage struct {
	Name  string   `json:"name"`  // passed to the run as PEERS_BREAK
	What  string   `json:"what"`  // the part that is broken
	Fails []string `json:"fails"` // each must occur in one of the differences that the run shows
}

// loadParts reads the pins.json of every folder below dir, in the order of their names.
func loadParts(dir string) ([]*part, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "pins.json"))
	if err != nil {
		return nil, err
	}
	var parts []*part
	for _, file := range files {
		p := &part{Name: filepath.Base(filepath.Dir(file)), file: file}
		if err := readJSON(file, p); err != nil {
			return nil, err
		}
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// check returns an error for the first missing part of the pins.
func (p *part) check() error {
	switch {
	case p.Title == "" || len(p.Asked) == 0:
		return errors.New("title and asked must not be empty")
	case len(p.Run) == 0 || p.Minutes <= 0:
		return errors.New("run and minutes must be set")
	case len(p.Breaks) == 0:
		return errors.New("breaks must name at least one run that fails on purpose")
	}
	for _, b := range p.Breaks {
		if b.Name == "" || b.What == "" || len(b.Fails) == 0 {
			return fmt.Errorf("break %q needs name, what and fails", b.Name)
		}
	}
	return nil
}

// save writes the pins back to their file. Each entry of a list takes one line, so that
// a change of one pin is a change of one line.
func (p *part) save() error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		return err
	}
	return os.WriteFile(p.file, joinEntries(b.String()), 0o644)
}

// joinEntries joins the lines of each object that is an entry of a field's list.
func joinEntries(indented string) []byte {
	const start, end = "    {\n", "    }"
	var b bytes.Buffer
	var entry []string // the lines inside an entry
	inside := false
	for line := range strings.Lines(indented) {
		switch {
		case line == start:
			inside, entry = true, nil
		case inside && strings.HasPrefix(line, end):
			inside = false
			b.WriteString("    {" + strings.Join(entry, " ") + strings.TrimLeft(line, " "))
		case inside:
			entry = append(entry, strings.TrimSpace(line))
		default:
			b.WriteString(line)
		}
	}
	return b.Bytes()
}

// readJSON decodes a file into v and refuses fields that v does not have.
func readJSON(file string, v any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
