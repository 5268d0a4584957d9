package compare

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Options select what to compare.
type Options struct {
	// Name is the operation's name in the differences.
	Name string
	// Prose reports whether descriptions and examples are compared as well.
	Prose bool
	// Base and Revision are the discriminator values of each side's unions, by branch, at the
	// version of the operation.
	Base, Revision map[oas.Place]oas.BranchValues
	// Cache contains the results of earlier comparisons of the same documents; nil means
	// none.
	Cache *Cache
}

// Cache is shared by the comparisons of two documents, so that equal schemas are compared
// only once. The zero value is ready to use and has no limits.
type Cache struct {
	budget       *limits.Budget
	fingerprints oas.Fingerprints
	same         oas.Sameness
}

// NewCache returns a Cache whose comparisons spend one budget: work for each pair of
// schemas, nodes for each difference, and depth for each nested schema.
func NewCache(budget *limits.Budget) *Cache {
	return &Cache{budget: budget, same: oas.Sameness{Budget: budget}}
}

// Operations returns the differences between an operation in one document and in another.
// Both are at the same resource version. The order of the result is the same on every run.
// The error is that of the budget, with the operation and the place.
func Operations(base, revision *oas.Effective, o Options) ([]Difference, error) {
	if o.Cache == nil {
		o.Cache = new(Cache)
	}
	c := &comparer{base: base, revision: revision, options: o, seen: make(map[visit]bool), Cache: o.Cache}
	c.prose(walk{subject: TheOperation, direction: Both}, base.Prose, revision.Prose, base.Place, revision.Place)
	c.servers()
	c.security()
	c.parameters()
	c.requestBody()
	c.responses()
	c.uninterpreted(TheOperation)
	return c.out, limits.At(c.budget.Err(), o.Name, c.stopped)
}

type comparer struct {
	*Cache
	base, revision *oas.Effective
	options        Options
	out            []Difference
	seen           map[visit]bool
	// stopped is the place at which the budget was used up, or "".
	stopped string
}

// spendSchema spends the budget for a schema, and reports whether it was sufficient.
func (c *comparer) spendSchema(s *oas.Schema, w walk) bool {
	if c.budget.Work(1) == nil && c.budget.Depth(w.depth) == nil {
		return true
	}
	if c.stopped == "" {
		c.stopped = s.At.Declared()
	}
	return false
}

// walk is the current position of the comparison.
type walk struct {
	direction Direction
	subject   Subject
	path      string
	// parameter is the parameter at this position; nil for other parts.
	parameter *oas.Parameter
	// chosen contains the values that select the branch if the value is the discriminator
	// of a branch, else nil.
	chosen *choice
	// required is true if the value is required, so that its default has no effect.
	required bool
	// xml is true if the value is written as XML, so that the keyword xml has an effect.
	xml bool
	// depth is the number of schemas around this position.
	depth int
}

// add records a difference of the operation itself, with a rule that is not about schemas.
func (c *comparer) add(ruleID string, w walk, d Difference) {
	if c.budget.Nodes(1) != nil {
		return
	}
	d.Rule = RuleOf(ruleID)
	if d.Rule == nil {
		panic("no rule " + ruleID)
	}
	if d.Family == "" {
		d.Family = ruleID
	}
	d.Operation, d.Version = c.options.Name, c.revision.Version
	d.Subject, d.Path = w.subject, w.path
	if w.parameter != nil {
		d.In, d.Parameter = w.parameter.In, w.parameter.Label
	}
	c.out = append(c.out, d)
}

// names returns the keys of both maps, sorted.
func names[V any](a, b map[string]V) []string {
	all := slices.Collect(maps.Keys(a))
	for name := range b {
		if _, ok := a[name]; !ok {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// missing returns the keys of a that b lacks, sorted.
func missing[V any](a, b map[string]V) []string {
	return slices.DeleteFunc(names(a, nil), func(name string) bool { _, has := b[name]; return has })
}

// Text returns a string in the form of a value of a difference.
func Text(s string) json.RawMessage { return json.RawMessage(oas.Quote(s)) }

func (c *comparer) servers() {
	w := walk{direction: Request, subject: TheOperation}
	gone, come := missing(c.base.Servers, c.revision.Servers), missing(c.revision.Servers, c.base.Servers)
	if len(gone) == 1 && len(come) == 1 {
		c.add("server-changed", w, Difference{
			Old: Text(gone[0]), New: Text(come[0]), Base: c.base.Servers[gone[0]], Revision: c.revision.Servers[come[0]], Lost: true, Found: true,
		})
		return
	}
	for _, host := range names(c.base.Servers, c.revision.Servers) {
		base, old := c.base.Servers[host]
		revision, now := c.revision.Servers[host]
		switch {
		case old && !now:
			c.add("server-removed", w, Difference{Item: host, Old: Text(host), Base: base, Revision: c.revision.ServersAt.Child(host), Lost: true})
		case now && !old:
			c.add("server-added", w, Difference{Item: host, New: Text(host), Base: c.base.ServersAt.Child(host), Revision: revision, Found: true})
		}
	}
}

func (c *comparer) parameters() {
	renamed := c.renamedParameters()
	for _, key := range names(c.base.Parameters, c.revision.Parameters) {
		base, revision := c.base.Parameters[key], c.revision.Parameters[key]
		switch {
		case renamed[key]:
		case revision == nil:
			w := aboutParameter(base)
			c.add("parameter-removed", w, Difference{Family: "parameter", Item: key, Old: Text(key), Base: base.At, Revision: c.revision.Place.Child("parameters", key), Lost: true})
		case base == nil:
			w := aboutParameter(revision)
			rule := either(revision.Required, "parameter-added-required", "parameter-added")
			c.add(rule, w, Difference{Family: "parameter", Item: key, New: Text(key), Base: c.base.Place.Child("parameters", key), Revision: revision.At, Found: true})
		default:
			c.value("parameter", aboutParameter(revision), base.Value, revision.Value)
		}
	}
}

// renamedParameters records parameters whose name or location changed in the component
// that declares them, and returns the keys of both.
func (c *comparer) renamedParameters() map[string]bool {
	added := make(map[string]string)
	for _, now := range missing(c.revision.Parameters, c.base.Parameters) {
		added[c.revision.Parameters[now].Declared.Pointer] = now
	}
	renamed := make(map[string]bool)
	for _, old := range missing(c.base.Parameters, c.revision.Parameters) {
		base := c.base.Parameters[old]
		now, found := added[base.Declared.Pointer]
		if !found {
			continue
		}
		c.add("parameter-renamed", aboutParameter(base), Difference{
			Item: old, Old: Text(old), New: Text(now), Base: base.Declared.Child("name"), Revision: c.revision.Parameters[now].Declared.Child("name"), Lost: true, Found: true,
		})
		renamed[old], renamed[now] = true, true
	}
	return renamed
}

func aboutParameter(p *oas.Parameter) walk {
	return walk{direction: Request, subject: Subject(fmt.Sprintf("the %s parameter %s", p.In, p.Label)), parameter: p}
}

func (c *comparer) requestBody() {
	w := walk{direction: Request, subject: TheRequest}
	base, revision := c.base.Body, c.revision.Body
	switch {
	case base == nil && revision == nil:
	case revision == nil:
		c.add("request-body-removed", w, Difference{Base: base.At, Revision: c.revision.Place.Child("requestBody"), Lost: true})
	case base == nil:
		rule := either(revision.Required, "request-body-added-required", "request-body-added")
		c.add(rule, w, Difference{Base: c.base.Place.Child("requestBody"), Revision: revision.At, Found: true})
	default:
		c.required("request-body", w, Flip(base.Required, revision.Required, base.RequiredAt, revision.RequiredAt))
		c.prose(w, base.Prose, revision.Prose, base.Declared, revision.Declared)
		c.media(w, base, revision, "request-media-type")
	}
}

// media compares a body's media types; rules is the beginning of the ids of their rules.
func (c *comparer) media(w walk, base, revision *oas.Body, rules string) {
	for _, name := range names(base.Media, revision.Media) {
		old, now := base.Media[name], revision.Media[name]
		switch {
		case now == nil:
			c.add(rules+"-removed", w, Difference{Item: old.Type, Old: Text(old.Type), Base: old.At, Revision: revision.Declared.Child("content", name), Lost: true})
		case old == nil:
			c.add(rules+"-added", w, Difference{Item: now.Type, New: Text(now.Type), Base: base.Declared.Child("content", name), Revision: now.At, Found: true})
		default:
			w.xml = strings.HasSuffix(name, "xml") // application/xml, text/xml and names with +xml
			c.prose(w, old.Prose, now.Prose, old.At, now.At)
			c.content(old.Schema, now.Schema, old.At.Child("schema"), now.At.Child("schema"), w)
		}
	}
}

// prose compares descriptions and other text for readers.
func (c *comparer) prose(w walk, base, revision oas.Prose, baseAt, revisionAt oas.Place) {
	if !c.options.Prose {
		return
	}
	for _, keyword := range oas.ProseKeys() {
		old, hadIt := base.Item(keyword)
		now, hasIt := revision.Item(keyword)
		if old.Value == now.Value {
			continue
		}
		d := Difference{Family: keyword, Keyword: keyword, Base: baseAt.Child(keyword), Revision: revisionAt.Child(keyword), Lost: hadIt, Found: hasIt}
		if hadIt {
			d.Old, d.Base = json.RawMessage(old.Value), old.At
		}
		if hasIt {
			d.New, d.Revision = json.RawMessage(now.Value), now.At
		}
		c.add("prose-changed", w, d)
	}
}
