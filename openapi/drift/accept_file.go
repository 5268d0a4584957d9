package drift

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Limits of a file of accepted changes. An acceptance has seven lines and about forty
// characters after which a node can begin.
const (
	maxAcceptBytes = 4 << 20
	maxAcceptNodes = 400_000
)

// ReadAcceptances reads a file of accepted changes, YAML or JSON, of at most 4 MiB; name is
// its name in errors.
func ReadAcceptances(name string, r io.Reader) (*Acceptances, error) {
	a, err := readAcceptances(r, limits.New(limits.Limits{Bytes: maxAcceptBytes, Nodes: maxAcceptNodes}))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

func readAcceptances(r io.Reader, budget *limits.Budget) (*Acceptances, error) {
	root, err := acceptanceTree(r, budget)
	if err != nil || root == nil {
		return new(Acceptances), err
	}
	lists, err := members(root, "accepted")
	if err != nil {
		return nil, fmt.Errorf("not a list of acceptances: %w", err)
	}
	list := lists["accepted"]
	if list != nil && list.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("not a list of acceptances: line %d: expected a list", list.Line)
	}
	a, seen := new(Acceptances), make(map[string]bool)
	for i, n := range oas.Items(list) {
		one, err := acceptance(n)
		if err == nil {
			err = one.check()
		}
		switch {
		case err != nil:
			return nil, fmt.Errorf("acceptance %d: %w", i+1, err)
		case seen[one.ID]:
			return nil, fmt.Errorf("acceptance %d: %s is accepted twice", i+1, one.ID)
		}
		seen[one.ID] = true
		a.Accepted = append(a.Accepted, one)
	}
	return a, nil
}

// acceptanceTree parses the file; it returns nil for an empty one. It reads nodes, because
// decoding into values compares each key of a mapping with all others.
func acceptanceTree(r io.Reader, budget *limits.Budget) (*yaml.Node, error) {
	data, err := budget.ReadAll(r)
	if err != nil {
		return nil, err
	}
	for _, b := range data { // count characters that can begin a node before memory is used for the nodes
		if strings.IndexByte("\n,:[{-?", b) >= 0 && budget.Nodes(1) != nil {
			return nil, budget.Err()
		}
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("not a list of acceptances: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if !errors.Is(dec.Decode(&second), io.EOF) {
		return nil, errors.New("not a list of acceptances: text after the end of the document")
	}
	return doc.Content[0], nil
}

// members returns the values of a mapping by key. Keys other than the given ones are an
// error.
func members(n *yaml.Node, keys ...string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: expected a mapping", n.Line)
	}
	out := make(map[string]*yaml.Node)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode || !slices.Contains(keys, key.Value):
			return nil, fmt.Errorf("line %d: unknown key %q; known are %s", key.Line, key.Value, strings.Join(keys, ", "))
		case out[key.Value] != nil:
			return nil, fmt.Errorf("line %d: the key %q occurs twice", key.Line, key.Value)
		}
		out[key.Value] = n.Content[i+1]
	}
	return out, nil
}

func acceptance(n *yaml.Node) (Acceptance, error) {
	keys := []string{"id", "reason", "expires", "change", "old", "new"}
	values, err := members(n, keys...)
	if err != nil {
		return Acceptance{}, err
	}
	var one Acceptance
	for i, into := range []*string{&one.ID, &one.Reason, &one.Expires, &one.Change, &one.Old, &one.New} {
		key := keys[i]
		switch value := values[key]; {
		case value == nil || value.ShortTag() == "!!null":
		case value.Kind != yaml.ScalarNode:
			return Acceptance{}, fmt.Errorf("line %d: %s must be a string", value.Line, key)
		default:
			*into = value.Value
		}
	}
	return one, nil
}

func (a Acceptance) check() error {
	switch {
	case a.ID == "":
		return errors.New("it has no id; take it from the report")
	case strings.TrimSpace(a.Reason) == "":
		return fmt.Errorf("%s has no reason; state why the change is acceptable", a.ID)
	case a.Expires == "":
		return nil
	}
	if _, err := time.Parse(time.DateOnly, a.Expires); err != nil {
		return fmt.Errorf("%s: expires %q is not a date; use YYYY-MM-DD", a.ID, a.Expires)
	}
	return nil
}

const acceptanceHeader = `# Changes of the upstream contract that this project accepts; exportbuckets drift
# --accept reads this file. Give each change a reason and an expiry date.
`

// Accept returns acceptances for all changes of the report, and those existing acceptances
// that apply. The new acceptances have the given reason and expiry date, which may be "".
func (r *Report) Accept(reason, expires string) *Acceptances {
	a := &Acceptances{Accepted: []Acceptance{}}
	for _, c := range r.Accepted {
		a.Accepted = append(a.Accepted, acceptanceOf(c.Change, c.Reason, c.Expires))
	}
	for _, c := range r.Changes {
		if c.Verdict != Docs {
			a.Accepted = append(a.Accepted, acceptanceOf(c, reason, expires))
		}
	}
	slices.SortFunc(a.Accepted, func(x, y Acceptance) int { return strings.Compare(x.ID, y.ID) })
	return a
}

func acceptanceOf(c Change, reason, expires string) Acceptance {
	return Acceptance{ID: c.ID, Reason: reason, Expires: expires, Change: c.Message, Old: rawText(c.Old), New: rawText(c.New)}
}

// Encode returns the acceptances in the form that ReadAcceptances reads.
func (a *Acceptances) Encode() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(acceptanceHeader)
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(a); err != nil {
		return nil, fmt.Errorf("write acceptances: %w", err)
	}
	return out.Bytes(), enc.Close()
}
