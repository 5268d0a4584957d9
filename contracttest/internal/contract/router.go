package contract

import (
	"net/url"
	"regexp"
	"strings"
)

// router finds the template that a path is of. Literal segments go before those
// with a parameter in a longer segment, and these before whole parameters.
type router struct {
	root routeNode
}

type routeNode struct {
	literal map[string]*routeNode
	mixed   []*mixedSegment
	any     *routeNode
	end     bool
}

// mixedSegment is a segment such as {clusterName}:restart.
type mixedSegment struct {
	text string
	expr *regexp.Regexp
	next *routeNode
}

var (
	parameter   = regexp.MustCompile(`\{[^{}]*\}`)
	onlyParam   = regexp.MustCompile(`^\{[^{}]*\}$`)
	paramEscape = regexp.QuoteMeta("{}")
)

// shape replaces the names of a template's parameters: /groups/{groupId} and
// /groups/{id} are of one shape, /groups/{}.
func shape(template string) string { return parameter.ReplaceAllString(template, "{}") }

func (r *router) add(template string) {
	at := &r.root
	for segment := range strings.SplitSeq(strings.Trim(shape(template), "/"), "/") {
		at = at.child(segment)
	}
	at.end = true
}

func (n *routeNode) child(segment string) *routeNode {
	switch {
	case onlyParam.MatchString(segment):
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

// match gives the shape of the template that an escaped path is of, and the raw
// values of its parameters; "" for none.
func (r *router) match(path string) (found string, values []string) {
	m := matcher{segments: strings.Split(strings.Trim(path, "/"), "/")}
	if strings.HasSuffix(path, "/") || !m.match(&r.root, 0) {
		return "", nil
	}
	return "/" + strings.Join(m.found, "/"), m.values
}

type matcher struct {
	segments []string
	found    []string
	values   []string
}

func (m *matcher) match(n *routeNode, i int) bool {
	if i == len(m.segments) {
		return n.end
	}
	segment := m.segments[i]
	if next := n.literal[segment]; next != nil && m.try(next, i, segment) {
		return true
	}
	for _, mixed := range n.mixed {
		if groups := mixed.expr.FindStringSubmatch(segment); groups != nil && m.try(mixed.next, i, mixed.text, groups[1:]...) {
			return true
		}
	}
	return n.any != nil && segment != "" && m.try(n.any, i, "{}", segment)
}

func (m *matcher) try(n *routeNode, i int, text string, values ...string) bool {
	found, kept := len(m.found), len(m.values)
	m.found = append(m.found, text)
	for _, v := range values {
		if plain, err := url.PathUnescape(v); err == nil {
			v = plain
		}
		m.values = append(m.values, v)
	}
	if m.match(n, i+1) {
		return true
	}
	m.found, m.values = m.found[:found], m.values[:kept]
	return false
}
