package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// Recipe describes the operations to extract from the upstream specification and the
// contract files to write: select.yaml.
type Recipe struct {
	// Title is the required info.title of upstream; "" allows any.
	Title string `yaml:"title"`
	// Sections are the top-level sections that upstream must have, such as servers. They
	// come after the paths, so a document without them was truncated.
	Sections []string `yaml:"sections"`
	// Corrections and Prose are overlay files; "" skips the step.
	Corrections string `yaml:"corrections"`
	Prose       string `yaml:"prose"`
	// Record is the file to which the provenance is written; "" writes none.
	Record string        `yaml:"record"`
	Cuts   []RecipeEntry `yaml:"cuts"`

	folder string
}

// RecipeEntry is one document to build.
type RecipeEntry struct {
	Version    string   `yaml:"version"`
	Output     string   `yaml:"output"`
	Operations []string `yaml:"operations"`
}

// Upstream is a specification and its origin.
type Upstream struct {
	Name string
	Data []byte
	// Date is the day of the document, as YYYY-MM-DD.
	Date string
}

var dateInName = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// ReadUpstream reads a specification file of at most oas.MaxBytes. Its date is the date in
// the file's name, or else the day of now.
func ReadUpstream(name string, now time.Time) (*Upstream, error) {
	data, err := limits.ReadFile(name, oas.MaxBytes)
	if err != nil {
		return nil, err
	}
	u := &Upstream{Name: name, Data: data, Date: dateInName.FindString(filepath.Base(name))}
	if u.Date == "" {
		u.Date = now.UTC().Format(time.DateOnly)
	}
	return u, nil
}

// File is a file that a recipe produces.
type File struct {
	Name string
	Data []byte
}

// Build builds all files of the recipe in memory. It fails for a document that was visibly
// truncated: if an operation has no responses, a reference dangles or a section is missing.
func (r *Recipe) Build(u *Upstream) ([]File, error) {
	doc, err := oas.ParseBytes(u.Name, u.Data)
	if err != nil {
		return nil, err
	}
	if title := doc.Info("title"); r.Title != "" && title != r.Title {
		return nil, fmt.Errorf("%s: its title is %q, not %q: this is another API's document", u.Name, title, r.Title)
	}
	if err := doc.HasSections(r.Sections...); err != nil {
		return nil, err
	}
	if err := doc.Complete(); err != nil {
		return nil, err
	}
	var files []File
	for _, entry := range r.Cuts {
		data, err := r.buildOne(doc, entry)
		if err != nil {
			return nil, err
		}
		files = append(files, File{r.path(entry.Output), data})
	}
	if r.Record != "" {
		files = append(files, File{r.path(r.Record), provenance(doc, u)})
	}
	return files, nil
}

func (r *Recipe) buildOne(doc *oas.Document, entry RecipeEntry) ([]byte, error) {
	cut, err := trim.Cut(doc, trim.Selection{Operations: entry.Operations, Version: entry.Version})
	if err != nil {
		return nil, err
	}
	for _, step := range []struct {
		overlay string
		apply   func(*oas.Document, string, []byte) (*oas.Document, error)
	}{{r.Corrections, correct}, {r.Prose, describe}} {
		if step.overlay == "" {
			continue
		}
		data, err := ReadOverlay(r.path(step.overlay))
		if err != nil {
			return nil, err
		}
		if cut, err = step.apply(cut, step.overlay, data); err != nil {
			return nil, err
		}
	}
	body, err := oas.Encode(cut.Root())
	return append([]byte(header), body...), err
}

const header = "# Made by `exportbuckets trim --select`; DO NOT EDIT. See UPSTREAM for its source.\n"

func (r *Recipe) path(name string) string { return filepath.Join(r.folder, name) }

// provenance records the source of a contract, and the source's license.
func provenance(doc *oas.Document, u *Upstream) []byte {
	sum := sha256.Sum256(u.Data)
	var b strings.Builder
	for _, line := range [][2]string{
		{"title", doc.Info("title")},
		{"version", doc.Info("version")},
		{"x-xgen-sha", doc.Info("x-xgen-sha")},
		{"sha256", hex.EncodeToString(sum[:])},
		{"date", u.Date},
	} {
		fmt.Fprintf(&b, "%s: %s\n", line[0], line[1])
	}
	return []byte(b.String())
}

// Write writes files, each completely or not at all.
func Write(files []File) error {
	var errs []error
	for _, f := range files {
		errs = append(errs, atomicfile.Write(f.Name, f.Data, 0o644))
	}
	return errors.Join(errs...)
}
