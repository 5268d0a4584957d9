package contract

import (
	"net/url"
	"regexp"
	"strings"
)

// router finds the template of a path. Literal segments take precedence over segments that
// contain a parameter, and these take precedence over segments that are a parameter.
type router struct{ root routeNode }

type routeNode struct {
	literal map[string]*routeNode
	mixed   []*mixedSegment
	any     *routeNode
	// end is the shape of the paths that end here, slash that of the paths that end here with
	// a slash; "" for none.
	end, slash string
}

// mixedSegment is a segment with a parameter and a literal part, such as
// {clusterName}:restart.
type mixedSegment struct {
	text string
	expr *regexp.Regexp
	next *routeNode
}

var paramEscape = regexp.QuoteMeta("{}")

// add lets the paths of a shape, which is a template without the names of its parameters,
// match the shape at which they are served. That may also include the path of the server's
// URL, which a recording through a proxy may lack.
func (r *router) add(shape, served string) {
	at := &r.root
	for segment := range strings.SplitSeq(strings.Trim(shape, "/"), "/") {
		at = at.child(segment)
	}
	if strings.HasSuffix(shape, "/") {
		at.slash = served
	} else {
		at.end = served
	}
}

func (n *routeNode) child(segment string) *routeNode {
	switch {
	case segment == "{}":
		if n.any == nil {
			n.any = &routeNode{}
		}
		return n.any
	case strings.Contains(segment, "{}"):
		return n.mixedChild(segment)
	}
	if n.literal == nil {
		n.literal = map[string]*routeNode{}
	}
	if n.literal[segment] == nil {
		n.literal[segment] = &routeNode{}
	}
	return n.literal[segment]
}

func (n *routeNode) mixedChild(segment string) *routeNode {
	for _, m := range n.mixed {
		if m.text == segment {
			return m.next
		}
	}
	expr := "^" + strings.ReplaceAll(regexp.QuoteMeta(segment), paramEscape, "(.+)") + "$"
	m := &mixedSegment{text: segment, expr: regexp.MustCompile(expr), next: &routeNode{}}
	n.mixed = append(n.mixed, m)
	return m.next
}

// match finds the template that matches an escaped path. It returns the shape at which the
// template is served, and the raw values of its parameters; "" if no template matches.
func (r *router) match(path string) (served string, values []string) {
	m := matcher{segments: strings.Split(strings.Trim(path, "/"), "/"), slash: strings.HasSuffix(path, "/")}
	served = m.match(&r.root, 0)
	return served, m.values
}

type matcher struct {
	slash    bool // the path ends with a slash
	segments []string
	values   []string
}

func (m *matcher) match(n *routeNode, i int) (served string) {
	if i == len(m.segments) {
		if m.slash {
			return n.slash
		}
		return n.end
	}
	segment := m.segments[i]
	if next := n.literal[segment]; next != nil {
		if served = m.try(next, i); served != "" {
			return served
		}
	}
	for _, mixed := range n.mixed {
		groups := mixed.expr.FindStringSubmatch(segment)
		if groups == nil {
			continue
		}
		if served = m.try(mixed.next, i, groups[1:]...); served != "" {
			return served
		}
	}
	if n.any == nil || segment == "" {
		return ""
	}
	return m.try(n.any, i, segment)
}

func (m *matcher) try(n *routeNode, i int, values ...string) (served string) {
	kept := len(m.values)
	for _, v := range values {
		if plain, err := url.PathUnescape(v); err == nil {
			v = plain
		}
		m.values = append(m.values, v)
	}
	if served = m.match(n, i+1); served == "" {
		m.values = m.values[:kept]
	}
	return served
}
