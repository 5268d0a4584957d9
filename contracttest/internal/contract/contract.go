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
	// items are what is declared for the paths of one shape, by that shape.
	items map[string]*item
}

// item is what an edition declares for the paths of one shape. Several templates may
// be of one shape, each with methods of its own: …/{name} and …/{id}.
type item struct {
	declared map[string]*declaration // by method
}

// declaration is a declared operation.
type declaration struct {
	template string
	// compile prepares the operation for judging; the result is kept.
	compile func() (*Operation, error)
	// needed reports whether it was compiled for an exchange.
	needed func() bool
}

// add declares an operation. The first of two for one method and shape counts, since
// no request can tell the two apart.
func (e *edition) add(method string, d *declaration) {
	at := shape(d.template)
	i := e.items[at]
	if i == nil {
		i = &item{declared: map[string]*declaration{}}
		e.items[at] = i
	}
	if i.declared[method] == nil {
		i.declared[method] = d
	}
}

// methods are the declared ones, sorted.
func (i *item) methods() []string { return slices.Sorted(maps.Keys(i.declared)) }

// template is the one that declares the first of the methods.
func (i *item) template() string { return i.declared[i.methods()[0]].template }

// operation returns the operation of a method, nil if it is not declared.
func (i *item) operation(method string) (*Operation, error) {
	d := i.declared[method]
	if d == nil {
		return nil, nil
	}
	op, err := d.compile()
	if err != nil {
		return nil, fmt.Errorf("%s %s cannot be used: %w", method, d.template, err)
	}
	return op, nil
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
			c.router.add(i.template())
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
		m.Template, m.Declared = i.template(), i.methods()
		op, err := i.operation(method)
		if err != nil {
			return nil, err
		}
		if m.Operation = op; op != nil {
			m.Template = op.Template
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
		if e.version == V1 || isDate(e.version) {
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
			m.Template = i.template()
		}
		if i.declared[method] != nil {
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
		declared += len(i.declared)
	}
	for _, i := range items {
		for _, method := range i.methods() {
			if declared > maxCounted && !i.declared[method].needed() {
				continue
			}
			op, err := i.operation(method)
			if err != nil {
				unusable = append(unusable, err)
				continue
			}
			all = append(all, op)
		}
	}
	return all, unusable
}
