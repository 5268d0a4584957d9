package contract

import (
	"net/url"
	"regexp"
	"strings"
)

// router finds the template of a path. Literal segments take precedence over segments that
// contain a parameter, and these take precedence over segments that are a parameter.
type router struct {
	root routeNode
	// aliases maps the shape of a path to the shape at which it is served, which may also
	// include the path of the server's URL. A recording through a proxy may lack that path.
	aliases map[string]string
}

type routeNode struct {
	literal map[string]*routeNode
	mixed   []*mixedSegment
	any     *routeNode
	// end is true if a template ends here, slash is true if one ends here with a slash.
	end, slash bool
}

// mixedSegment is a segment with a parameter and a literal part, such as
// {clusterName}:restart.
type mixedSegment struct {
	text string
	expr *regexp.Regexp
	next *routeNode
}

var paramEscape = regexp.QuoteMeta("{}")

// add adds a shape: a template without the names of its parameters.
func (r *router) add(shape string) {
	at := &r.root
	for segment := range strings.SplitSeq(strings.Trim(shape, "/"), "/") {
		at = at.child(segment)
	}
	if strings.HasSuffix(shape, "/") {
		at.slash = true
	} else {
		at.end = true
	}
}

// alias adds a shape as an alias of the shape at which it is served.
func (r *router) alias(shape, served string) {
	r.add(shape)
	r.aliases[shape] = served
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

// match returns the shape of the template that matches an escaped path, "" if there is
// none, and the raw values of its parameters.
func (r *router) match(path string) (found string, values []string) {
	m := matcher{segments: strings.Split(strings.Trim(path, "/"), "/"), slash: strings.HasSuffix(path, "/")}
	if !m.match(&r.root, 0) {
		return "", nil
	}
	found = "/" + strings.Join(m.found, "/")
	if m.slash && found != "/" {
		found += "/"
	}
	return found, m.values
}

type matcher struct {
	slash    bool // the path ends with a slash
	segments []string
	found    []string
	values   []string
}

func (m *matcher) match(n *routeNode, i int) bool {
	if i == len(m.segments) {
		return m.slash && n.slash || !m.slash && n.end
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
