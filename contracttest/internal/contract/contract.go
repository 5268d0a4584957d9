package contract

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Contract is a set of declared operations in one or more versions. Exchanges are
// validated against it.
type Contract struct {
	versions    []*contractVersion // the oldest first
	router      router
	documents   map[string]*oas.Document // by name
	corrections []string                 // the reasons of the corrections by the user
	incomplete  error                    // see Incomplete

	operations      [][]*oas.Operation // of each document
	several         map[string]bool    // the documents with more than one version, by name
	narrowed        bool               // Select was called
	previewsLeftOut int
	// maxValues is the largest number of JSON values in a body that is validated.
	maxValues int64
}

// contractVersion is the contract in one version.
type contractVersion struct {
	version string
	// items are the declared operations of paths, by the shape of the path.
	items map[string]*item
}

// Match is the part of the contract that an exchange must conform to.
type Match struct {
	// Operation is nil if the path is known but the method is not declared.
	Operation *Operation
	Template  string
	// Version is the version of the contract that was selected for the exchange.
	Version string
	// Declared are the methods of the path in that version. Elsewhere are the versions that
	// declare the method if this one does not.
	Declared  []string
	Elsewhere []string
	// Values are the path's parameters, unescaped, in the order of the template.
	Values []string
}

// Versions lists the contract's versions, the oldest first.
func (c *Contract) Versions() []string {
	var versions []string
	for _, v := range c.versions {
		versions = append(versions, v.version)
	}
	return versions
}

// Only narrows the contract to one version.
func (c *Contract) Only(version string) (*Contract, error) {
	v := c.at(version)
	if v == nil {
		return nil, fmt.Errorf("API version %q is not in the contract: use auto or one of %s", version, strings.Join(c.Versions(), ", "))
	}
	only := *c
	only.versions = []*contractVersion{v}
	only.route()
	return &only, nil
}

// Incomplete returns the error of a specification that is visibly truncated or refers to other
// files, even in a part that no operation uses; see [oas.Document.Complete]. The error does not
// name the specification.
func (c *Contract) Incomplete() error { return c.incomplete }

// at returns the contract in a version, nil if it does not have the version.
func (c *Contract) at(version string) *contractVersion {
	for _, v := range c.versions {
		if v.version == version {
			return v
		}
	}
	return nil
}

// route sets the router for the paths of all versions. A path at which an operation is served
// takes precedence over the same path without that of another server.
func (c *Contract) route() {
	c.router = router{}
	for _, v := range c.versions {
		for _, served := range slices.Sorted(maps.Keys(v.items)) {
			c.router.add(oas.EmptyParameters(v.items[served].template()), served)
		}
	}
	for _, v := range c.versions {
		for served := range v.items {
			c.router.add(served, served)
		}
	}
}

// Match returns the part of the contract that an exchange must conform to, nil for a path
// that the contract does not have.
func (c *Contract) Match(method string, u *url.URL, request, response http.Header) (*Match, error) {
	shape, values := c.router.match(u.EscapedPath())
	if shape == "" {
		return nil, nil
	}
	if c.narrowed && !c.inScope(method, shape) {
		return nil, nil
	}
	v := c.selectVersion(shape, asked(request["Accept"]), oas.MediaTypeVersion(MediaType(response.Get("Content-Type"))))
	i := v.items[shape]
	op, err := i.operation(method, v.version)
	if err != nil {
		return nil, err
	}
	m := &Match{Operation: op, Template: i.template(), Version: v.version, Declared: i.methods(), Values: values}
	if op == nil {
		m.Elsewhere = c.elsewhere(method, shape)
		return m, nil
	}
	i.declared[method].needed.Store(true)
	m.Template = op.Template
	m.Values = values[max(0, len(values)-len(op.Path)):]
	return m, nil
}

// selectVersion returns the version for an exchange, one of those that have the path: the
// requested one, else that of the response, else the newest.
func (c *Contract) selectVersion(shape, asked, responded string) *contractVersion {
	var known []*contractVersion
	var versions []string
	for _, v := range c.versions {
		if v.items[shape] != nil {
			known, versions = append(known, v), append(versions, v.version)
		}
	}
	for _, version := range []string{Snap(versions, asked), responded} {
		if i := slices.Index(versions, version); i >= 0 {
			return known[i]
		}
	}
	return newest(known)
}

// newest returns the newest version that is a date or v1.0. Atlas uses a version with
// another name, such as preview, only if it is requested.
func newest(known []*contractVersion) *contractVersion {
	for _, v := range slices.Backward(known) {
		if v.version == oas.Unversioned || oas.IsDate(v.version) {
			return v
		}
	}
	return known[len(known)-1]
}

// IdentifiesVersion reports whether an exchange of the operation shows that its recording
// has the contract version of the operation. The result is false if the next contract
// version has the same operation, because the exchange then conforms to both versions.
func (c *Contract) IdentifiesVersion(op *Operation) bool {
	if op.At != op.Version {
		return false
	}
	for i, v := range c.versions {
		if v.version != op.Version || i+1 == len(c.versions) {
			continue
		}
		if later := c.versions[i+1].items[op.served]; later != nil {
			d := later.declared[op.Method]
			return d == nil || d.at != op.own
		}
	}
	return true
}

// elsewhere returns the versions that declare a method for the paths of a shape.
func (c *Contract) elsewhere(method, shape string) (versions []string) {
	for _, v := range c.versions {
		if i := v.items[shape]; i != nil && i.declared[method] != nil {
			versions = append(versions, v.version)
		}
	}
	return versions
}

// Where returns the own versions of an operation for which accept returns true. It calls
// accept once for each of them.
func (c *Contract) Where(method, template string, accept func(*Operation) bool) []string {
	var versions []string
	var last *declaration
	shape, _ := c.router.match(oas.EmptyParameters(template))
	for _, v := range c.versions {
		i := v.items[shape]
		if i == nil || i.declared[method] == nil || i.declared[method] == last {
			continue
		}
		last = i.declared[method]
		if op, err := i.operation(method, v.version); err == nil && accept(op) {
			versions = append(versions, op.At)
		}
	}
	return versions
}

// AsListed returns an operation in the form for lists of operations: with its own version
// if its file has several versions, so that each operation is listed once.
func (c *Contract) AsListed(op *Operation) *Operation {
	if c.several[op.File] {
		return op.in(op.At)
	}
	return op
}

// Corrections returns the reasons of the corrections in the user's overlay.
func (c *Contract) Corrections() []string { return c.corrections }

// Node returns the node at a pointer into a specification file, nil if there is none.
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

// Line returns the line of a pointer in a specification file, 0 if it is unknown. For a
// place that does not exist in the file, such as one that a correction added, it is the
// line of the nearest enclosing place.
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

// lineOf returns the line of a member's key.
func lineOf(holder *oas.Node, step string) int {
	if holder == nil {
		return 0
	}
	if oas.IsSequence(holder) {
		if item := oas.Resolve(holder, oas.Join("", step)); item != nil {
			return item.Line
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

// Operations returns the operations of a version that count toward coverage: all of them
// or, for a contract with more than maxCounted operations, those that exchanges used.
// Operations that cannot be used are omitted, and their errors are returned.
func (c *Contract) Operations(version string) ([]*Operation, []error) {
	if v := c.at(version); v != nil {
		return v.operations()
	}
	return nil, nil
}

// maxCounted is the largest number of operations of a contract for which all operations are
// counted.
const maxCounted = 50

func (v *contractVersion) operations() (all []*Operation, unusable []error) {
	items := slices.SortedFunc(maps.Values(v.items), func(a, b *item) int { return strings.Compare(a.template(), b.template()) })
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
			op, err := i.operation(method, v.version)
			if err != nil {
				unusable = append(unusable, err)
				continue
			}
			all = append(all, op)
		}
	}
	return all, unusable
}
