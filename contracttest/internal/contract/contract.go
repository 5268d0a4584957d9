package contract

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// V1 is the API's first generation, which has no versioned media types.
const V1 = "v1.0"

// Contract is what exchanges are held against: one edition a version.
type Contract struct {
	editions    []*edition // the oldest first
	router      router
	documents   map[string]*oas.Document // by name
	corrections []string                 // the reasons of the corrections by the user

	operations      [][]*oas.Operation // of each document
	several         map[string]bool    // by name, the documents with more than one version
	narrowed        bool               // Select was called
	previewsLeftOut int
}

// edition is the contract in one version.
type edition struct {
	version string
	// items are what is declared for the paths of one shape, by that shape.
	items map[string]*item
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
			only := *c
			only.editions, only.router = []*edition{e}, router{}
			only.route()
			return &only, nil
		}
	}
	return nil, fmt.Errorf("API version %q is not in the contract: use auto or one of %s", version, strings.Join(c.Versions(), ", "))
}

func (c *Contract) route() {
	for _, e := range c.editions {
		for served, i := range e.items {
			c.router.add(served)
			c.router.add(oas.EmptyParameters(i.template()))
			c.router.alias(oas.EmptyParameters(i.template()), served)
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
	shape = c.router.served(shape)
	if c.narrowed && !c.inScope(method, shape) {
		return nil, nil
	}
	e := c.due(shape, asked(request["Accept"]), Version(MediaType(answer.Get("Content-Type"))))
	m := &Match{Version: e.version, Values: values}
	i := e.items[shape]
	if i != nil {
		m.Template, m.Declared = i.template(), i.methods()
		op, err := i.operation(method, e.version)
		if err != nil {
			return nil, err
		}
		if m.Operation = op; op != nil {
			i.declared[method].needed.Store(true)
			m.Template = op.Template
			m.Values = values[max(0, len(values)-len(op.Path)):]
		}
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
	for _, version := range []string{Snap(versions, asked), exactly(versions, answered)} {
		if i := slices.Index(versions, version); i >= 0 {
			return known[i]
		}
	}
	return newest(known)
}

// newest returns the last edition that is of a date or of v1.0: a version by another
// name, such as preview, is served only when it is asked for.
func newest(known []*edition) *edition {
	for _, e := range slices.Backward(known) {
		if e.version == V1 || oas.IsDate(e.version) {
			return e
		}
	}
	return known[len(known)-1]
}

func exactly(versions []string, version string) string {
	if slices.Contains(versions, version) {
		return version
	}
	return ""
}

// Tells reports whether an exchange of the operation shows that its recording is of the
// operation's version of the contract: not where a later version has the operation
// unchanged.
func (c *Contract) Tells(op *Operation) bool {
	if op.At != op.Version {
		return false
	}
	for i, e := range c.editions {
		if e.version != op.Version || i+1 == len(c.editions) {
			continue
		}
		if later := c.editions[i+1].items[op.served]; later != nil {
			d := later.declared[op.Method]
			return d == nil || d.at != op.own
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
			m.Template = i.template()
		}
		if i.declared[method] != nil {
			m.Elsewhere = append(m.Elsewhere, e.version)
		}
	}
}

// Where returns the versions of an operation in which it is as asked for. Each version
// of the operation's own is looked at once.
func (c *Contract) Where(method, template string, is func(*Operation) bool) []string {
	var versions []string
	var last *declaration
	for _, e := range c.editions {
		i := e.items[c.router.served(oas.EmptyParameters(template))]
		if i == nil || i.declared[method] == nil || i.declared[method] == last {
			continue
		}
		last = i.declared[method]
		if op, err := i.operation(method, e.version); err == nil && is(op) {
			versions = append(versions, op.At)
		}
	}
	return versions
}

// AsListed returns an operation as a list of operations names it: by its own version if
// its file has several versions, so that it is listed once.
func (c *Contract) AsListed(op *Operation) *Operation {
	if c.several[op.File] {
		return op.in(op.At)
	}
	return op
}

// Corrections are the reasons of the corrections that the user's overlay made.
func (c *Contract) Corrections() []string { return c.corrections }

// Node returns the node at a pointer into a specification file, nil where there is none.
func (c *Contract) Node(file, pointer string) *oas.Node {
	if doc := c.documents[file]; doc != nil {
		return oas.Resolve(doc.Root(), pointer)
	}
	return nil
}

// Is31 reports whether a specification file is OpenAPI 3.1.
func (c *Contract) Is31(file string) bool {
	return c.documents[file] != nil && c.documents[file].Is31()
}

// Line returns the line of a pointer in a specification file, 0 when it is not known. Of
// a place that the file does not have, such as one that a correction added, it is the
// line of the nearest place around it.
func (c *Contract) Line(file, pointer string) int {
	doc := c.documents[file]
	if doc == nil {
		return 0
	}
	for steps := oas.Split(pointer); len(steps) > 0; steps = steps[:len(steps)-1] {
		last := len(steps) - 1
		holder := oas.Resolve(doc.Root(), oas.Join("", steps[:last]...))
		if line := lineOf(holder, steps[last]); line > 0 {
			return line
		}
	}
	return 0
}

// lineOf returns the line of a member: of its key, which a reader looks for.
func lineOf(holder *oas.Node, step string) int {
	if holder == nil {
		return 0
	}
	if oas.IsSequence(holder) {
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(holder.Content) {
			return holder.Content[i].Line
		}
		return 0
	}
	for i := 0; i+1 < len(holder.Content); i += 2 {
		if holder.Content[i].Value == step {
			return holder.Content[i].Line
		}
	}
	return 0
}

// Operations returns the operations of a version that coverage is counted over: all
// of them, or, of a contract with more than maxCounted, those that were needed. An
// operation that cannot be used is left out, and its error returned.
func (c *Contract) Operations(version string) ([]*Operation, []error) {
	for _, e := range c.editions {
		if e.version == version {
			return e.operations()
		}
	}
	return nil, nil
}

// maxCounted is how many operations a contract may have for all to be counted.
const maxCounted = 50

func (e *edition) operations() (all []*Operation, unusable []error) {
	items := slices.SortedFunc(maps.Values(e.items), func(a, b *item) int { return strings.Compare(a.template(), b.template()) })
	declared := 0
	for _, i := range items {
		for _, d := range i.declared {
			if !d.leftOut {
				declared++
			}
		}
	}
	for _, i := range items {
		for _, method := range i.methods() {
			if d := i.declared[method]; d.leftOut || declared > maxCounted && !d.needed.Load() {
				continue
			}
			op, err := i.operation(method, e.version)
			if err != nil {
				unusable = append(unusable, err)
				continue
			}
			all = append(all, op)
		}
	}
	return all, unusable
}
