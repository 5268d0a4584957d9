package contract

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// V1 is the API's first generation, which has no versioned media types.
const V1 = "v1.0"

// Contract is what exchanges are held against: one edition a version.
type Contract struct {
	editions []*edition // the oldest first
	router   router
	lines    map[string]*lines
}

// edition is the contract in one version.
type edition struct {
	version string
	// items are the path items by the shape of their template.
	items map[string]*item
}

type item struct {
	template string
	// operation gives the operation of a method, nil where it is not declared.
	operation func(method string) (*Operation, error)
	// needed tells whether the operation of a method was asked for.
	needed  func(method string) bool
	methods []string
}

// Match is what an exchange has to keep.
type Match struct {
	// Operation is nil where the path is known and the method is not declared.
	Operation *Operation
	Template  string
	// Version is the version of the contract that is due.
	Version string
	// Declared are the methods of the path in that version, Elsewhere the versions
	// that declare the method when this one does not.
	Declared  []string
	Elsewhere []string
	// Values are the path's parameters, unescaped, in the order of the template.
	Values []string
}

// Versions lists the contract's versions, the oldest first.
func (c *Contract) Versions() []string {
	var versions []string
	for _, e := range c.editions {
		versions = append(versions, e.version)
	}
	return versions
}

// Only narrows the contract to one version.
func (c *Contract) Only(version string) (*Contract, error) {
	for _, e := range c.editions {
		if e.version == version {
			only := &Contract{editions: []*edition{e}, lines: c.lines}
			only.route()
			return only, nil
		}
	}
	return nil, fmt.Errorf("API version %q is not in the contract: use auto or one of %s", version, strings.Join(c.Versions(), ", "))
}

func (c *Contract) route() {
	for _, e := range c.editions {
		for _, i := range e.items {
			c.router.add(i.template)
		}
	}
}

// Match finds what an exchange has to keep. It gives nil for a path that the
// contract does not know.
func (c *Contract) Match(method string, u *url.URL, request, answer http.Header) (*Match, error) {
	shape, values := c.router.match(u.EscapedPath())
	if shape == "" {
		return nil, nil
	}
	e := c.due(shape, asked(request["Accept"]), Version(MediaType(answer.Get("Content-Type"))))
	m := &Match{Version: e.version, Values: values}
	i := e.items[shape]
	if i != nil {
		m.Template, m.Declared = i.template, i.methods
		op, err := i.operation(method)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, i.template, err)
		}
		m.Operation = op
	}
	if m.Operation == nil {
		c.elsewhere(m, method, shape)
	}
	return m, nil
}

// due chooses the edition: the version asked for, else the one answered, else the
// newest, among those that know the path or, where a version is newer than the
// path, among all.
func (c *Contract) due(shape, asked, answered string) *edition {
	var known []*edition
	for _, e := range c.editions {
		if e.items[shape] != nil {
			known = append(known, e)
		}
	}
	var versions []string
	for _, e := range known {
		versions = append(versions, e.version)
	}
	newest := known[len(known)-1]
	for _, version := range []string{Snap(versions, asked), exactly(versions, answered)} {
		if i := slices.Index(versions, version); i >= 0 {
			return known[i]
		}
	}
	return newest
}

func exactly(versions []string, version string) string {
	if slices.Contains(versions, version) {
		return version
	}
	return ""
}

// Tells tells whether an exchange of the operation shows that its recording is of
// the operation's version of the contract: not where a later version has the
// operation unchanged.
func (c *Contract) Tells(op *Operation) bool {
	if op.At != op.Version {
		return false
	}
	for i, e := range c.editions {
		if e.version != op.Version || i+1 == len(c.editions) {
			continue
		}
		if later := c.editions[i+1].items[shape(op.Template)]; later != nil {
			same, err := later.operation(op.Method)
			return err != nil || same == nil || same.At != op.At
		}
	}
	return true
}

func (c *Contract) elsewhere(m *Match, method, shape string) {
	for _, e := range c.editions {
		i := e.items[shape]
		if i == nil {
			continue
		}
		if m.Template == "" {
			m.Template = i.template
		}
		if slices.Contains(i.methods, method) {
			m.Elsewhere = append(m.Elsewhere, e.version)
		}
	}
}

// Where gives the versions in which the operation is as asked for.
func (c *Contract) Where(method, template string, is func(*Operation) bool) []string {
	var versions []string
	for _, e := range c.editions {
		i := e.items[shape(template)]
		if i == nil {
			continue
		}
		if op, err := i.operation(method); err == nil && op != nil && is(op) {
			versions = append(versions, op.At)
		}
	}
	return slices.Compact(versions)
}

// Line gives the line of a pointer in a specification file, 0 when it is not known.
func (c *Contract) Line(file, pointer string) int {
	if l := c.lines[file]; l != nil {
		return l.line(pointer)
	}
	return 0
}

// Operations gives the operations of a version that coverage is counted over: all
// of them, or, of a contract with more than maxCounted, those that were needed.
func (c *Contract) Operations(version string) ([]*Operation, error) {
	for _, e := range c.editions {
		if e.version == version {
			return e.operations()
		}
	}
	return nil, nil
}

// maxCounted is how many operations a contract may have for all to be counted.
const maxCounted = 50

func (e *edition) operations() ([]*Operation, error) {
	var all []*Operation
	items := slices.SortedFunc(maps.Values(e.items), func(a, b *item) int { return strings.Compare(a.template, b.template) })
	declared := 0
	for _, i := range items {
		declared += len(i.methods)
	}
	for _, i := range items {
		for _, method := range i.methods {
			if declared > maxCounted && !i.needed(method) {
				continue
			}
			op, err := i.operation(method)
			if err != nil {
				return nil, err
			}
			all = append(all, op)
		}
	}
	return all, nil
}
