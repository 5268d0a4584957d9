package trim

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

const componentPrefix = "#/components/"

// component names a reusable part: a section such as "schemas" and a name in it.
type component struct{ section, name string }

func (c component) ref() string { return componentPrefix + c.section + "/" + c.name }

// lookup gives the component that a reference names, nil when there is none.
func (d *Document) lookup(ref string) *yaml.Node {
	c, err := parseRef(ref)
	if err != nil {
		return nil
	}
	return get(get(get(d.root, "components"), c.section), c.name)
}

// unescapePointer undoes JSON pointer's escapes (RFC 6901, section 4).
var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

func parseRef(ref string) (component, error) {
	if !strings.HasPrefix(ref, "#") {
		return component{}, fmt.Errorf("reference %q leaves the document; external references are not followed", ref)
	}
	section, name, ok := strings.Cut(strings.TrimPrefix(ref, componentPrefix), "/")
	if !strings.HasPrefix(ref, componentPrefix) || !ok || strings.Contains(name, "/") {
		return component{}, fmt.Errorf("reference %q does not name a component (#/components/SECTION/NAME)", ref)
	}
	return component{section, unescapePointer.Replace(name)}, nil
}

// mappingTarget reads a discriminator.mapping value, which may be a reference or a bare schema name.
func mappingTarget(value string) (component, error) {
	if strings.ContainsAny(value, "#/.") {
		return parseRef(value)
	}
	return component{"schemas", value}, nil
}

// collector walks from the operations to every component that they need.
type collector struct {
	doc   *Document
	found map[component]bool
	queue []component
	err   error
}

// reach gives the components that roots need, directly or through others.
func (d *Document) reach(roots ...*yaml.Node) (map[component]bool, error) {
	c := &collector{doc: d, found: make(map[component]bool)}
	for _, root := range roots {
		c.walk(root, text(get(root, "operationId")))
	}
	for len(c.queue) > 0 && c.err == nil {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.walk(d.lookup(next.ref()), next.ref())
	}
	return c.found, c.err
}

// walk visits a tree that stands at place, a component's reference or an operation's name.
func (c *collector) walk(n *yaml.Node, place string) {
	if c.err != nil || n == nil {
		return
	}
	if n.Kind == yaml.MappingNode {
		if ref := get(n, "$ref"); ref != nil && ref.Kind == yaml.ScalarNode {
			c.add(ref, place, parseRef)
		}
		for _, target := range pairs(get(get(n, "discriminator"), "mapping")) {
			c.add(target, place, mappingTarget)
		}
	}
	for _, child := range n.Content {
		c.walk(child, place)
	}
}

func (c *collector) add(ref *yaml.Node, place string, parse func(string) (component, error)) {
	target, err := parse(ref.Value)
	switch {
	case err != nil:
		c.err = fmt.Errorf("%s: in %s, line %d: %w", c.doc.name, place, ref.Line, err)
	case c.doc.lookup(target.ref()) == nil:
		c.err = fmt.Errorf("%s: in %s, line %d: reference %q dangles: the document has no such component", c.doc.name, place, ref.Line, ref.Value)
	case !c.found[target]:
		c.found[target] = true
		c.queue = append(c.queue, target)
	}
}
