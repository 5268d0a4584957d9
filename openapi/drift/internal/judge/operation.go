package judge

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Options say what to compare.
type Options struct {
	// Name is what the differences call the operation.
	Name string
	// Prose compares descriptions and examples, too.
	Prose bool
	// Was and Is are what the unions of either side claim of their branches, at the
	// version of the operation.
	Was, Is map[oas.Place]oas.Claim
	// Known is what earlier comparisons of the same documents found out; nil is nothing.
	Known *Known
}

// Known is what comparisons of two documents share: schemas that are the same need not
// be looked into again. The zero value is ready, and has no limits.
type Known struct {
	budget       *limits.Budget
	fingerprints oas.Fingerprints
	same         oas.Sameness
}

// NewKnown returns a Known whose comparisons spend a budget together: work for each
// pair of schemas, nodes for each difference, depth for each schema in another one.
func NewKnown(budget *limits.Budget) *Known {
	return &Known{budget: budget, same: oas.Sameness{Budget: budget}}
}

// Compare returns how an operation changed from one document to another. Both are at
// the same resource version. The order of the result is the same each time. The error is
// that of the budget, with the operation and the place.
func Compare(was, is *oas.Effective, o Options) ([]Difference, error) {
	if o.Known == nil {
		o.Known = new(Known)
	}
	c := &comparer{was: was, is: is, options: o, seen: make(map[visit]bool), Known: o.Known}
	c.prose(walk{subject: TheOperation, way: Both}, was.Prose, is.Prose, was.Place, is.Place)
	c.servers()
	c.logins()
	c.parameters()
	c.requestBody()
	c.responses()
	c.uninterpreted()
	return c.out, limits.At(c.budget.Err(), o.Name, c.stopped)
}

type comparer struct {
	*Known
	was, is *oas.Effective
	options Options
	out     []Difference
	seen    map[visit]bool
	// stopped is the place where the budget was spent, "" when it is not.
	stopped string
}

// enter spends the budget on a schema, and reports whether there is enough.
func (c *comparer) enter(s *oas.Schema, w walk) bool {
	if c.budget.Work(1) == nil && c.budget.Depth(w.depth) == nil {
		return true
	}
	if c.stopped == "" {
		c.stopped = s.At.Declared()
	}
	return false
}

// uninterpreted compares what no other rule looks into.
func (c *comparer) uninterpreted() {
	for _, name := range names(c.was.Uninterpreted, c.is.Uninterpreted) {
		was, old := c.was.Uninterpreted[name]
		is, now := c.is.Uninterpreted[name]
		if was.Value == is.Value {
			continue
		}
		d := Difference{Keyword: name[strings.LastIndexByte(name, ' ')+1:], Was: was.At, Is: is.At, Lost: old, Found: now}
		if !old {
			d.Was = c.was.Place.Child(d.Keyword)
		}
		if !now {
			d.Is = c.is.Place.Child(d.Keyword)
		}
		c.add("not-judged", walk{subject: TheOperation, way: Both}, d)
	}
}

// walk is where the comparison stands.
type walk struct {
	way     Direction
	subject Subject
	path    string
	// parameter is the one that stands there; nil for other parts.
	parameter *oas.Parameter
	// chosen is what unions claim of the value, the discriminator of a branch; nil for others.
	chosen *choice
	// required reports that the value has to be there, so that its default has no effect.
	required bool
	// depth is how many schemas it is inside of.
	depth int
}

// add records a difference that the operation's own rules know.
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
	d.Operation, d.Version = c.options.Name, c.is.Version
	d.Subject, d.Path = w.subject, w.path
	if w.parameter != nil {
		d.In, d.Parameter = w.parameter.In, w.parameter.Label
	}
	c.out = append(c.out, d)
}

// names gives the keys of two maps together, sorted.
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

// missing gives the keys of a that b has not, sorted.
func missing[V any](a, b map[string]V) []string {
	return slices.DeleteFunc(names(a, nil), func(name string) bool { _, has := b[name]; return has })
}

func text(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return b
}

func (c *comparer) servers() {
	w := walk{way: Request, subject: TheOperation}
	gone, come := missing(c.was.Servers, c.is.Servers), missing(c.is.Servers, c.was.Servers)
	if len(gone) == 1 && len(come) == 1 {
		c.add("server-changed", w, Difference{
			Old: text(gone[0]), New: text(come[0]), Was: c.was.Servers[gone[0]], Is: c.is.Servers[come[0]], Lost: true, Found: true,
		})
		return
	}
	for _, host := range names(c.was.Servers, c.is.Servers) {
		was, old := c.was.Servers[host]
		is, now := c.is.Servers[host]
		switch {
		case old && !now:
			c.add("server-removed", w, Difference{Item: host, Old: text(host), Was: was, Is: c.is.ServersAt.Child(host), Lost: true})
		case now && !old:
			c.add("server-added", w, Difference{Item: host, New: text(host), Was: c.was.ServersAt.Child(host), Is: is, Found: true})
		}
	}
}

func (c *comparer) parameters() {
	renamed := c.renamedParameters()
	for _, key := range names(c.was.Parameters, c.is.Parameters) {
		was, is := c.was.Parameters[key], c.is.Parameters[key]
		switch {
		case renamed[key]:
		case is == nil:
			w := aboutParameter(was)
			c.add("parameter-removed", w, Difference{Family: "parameter", Item: key, Old: text(key), Was: was.At, Is: c.is.Place.Child("parameters", key), Lost: true})
		case was == nil:
			w := aboutParameter(is)
			rule := "parameter-added"
			if is.Required {
				rule = "parameter-added-required"
			}
			c.add(rule, w, Difference{Family: "parameter", Item: key, New: text(key), Was: c.was.Place.Child("parameters", key), Is: is.At, Found: true})
		default:
			c.parameter(was, is)
		}
	}
}

// renamedParameters records parameters that have another name or location where they
// are described, and returns the keys of both.
func (c *comparer) renamedParameters() map[string]bool {
	appeared := make(map[string]string)
	for _, now := range missing(c.is.Parameters, c.was.Parameters) {
		appeared[c.is.Parameters[now].Declared.Pointer] = now
	}
	renamed := make(map[string]bool)
	for _, old := range missing(c.was.Parameters, c.is.Parameters) {
		was := c.was.Parameters[old]
		now, found := appeared[was.Declared.Pointer]
		if !found {
			continue
		}
		c.add("parameter-renamed", aboutParameter(was), Difference{
			Item: old, Old: text(old), New: text(now), Was: was.Declared.Child("name"), Is: c.is.Parameters[now].Declared.Child("name"), Lost: true, Found: true,
		})
		renamed[old], renamed[now] = true, true
	}
	return renamed
}

func aboutParameter(p *oas.Parameter) walk {
	return walk{way: Request, subject: Subject(fmt.Sprintf("the %s parameter %s", p.In, p.Label)), parameter: p}
}

func (c *comparer) parameter(was, is *oas.Parameter) {
	w := aboutParameter(is)
	if was.Required != is.Required {
		rule := "parameter-required"
		if was.Required {
			rule = "parameter-optional"
		}
		c.add(rule, w, flip(was.Required, is.Required, was.Declared.Child("required"), is.Declared.Child("required")))
	}
	exploded := was.Explode != is.Explode && !was.Schema.IsScalar() && !is.Schema.IsScalar() // a scalar has nothing to explode
	if was.Serialization != is.Serialization || exploded {
		c.add("parameter-serialization-changed", w, Difference{
			Old: text(written(was)), New: text(written(is)), Lost: true, Found: true,
			Was: was.Declared.Child("style"), Is: is.Declared.Child("style"),
		})
	}
	c.deprecation(w, "the parameter", was.Deprecated, is.Deprecated, was.Declared.Child("deprecated"), is.Declared.Child("deprecated"))
	c.prose(w, was.Prose, is.Prose, was.Declared, is.Declared)
	w.required = was.Required && is.Required
	if acceptsOne(was, is) {
		c.change("type-widened", w, Difference{
			Old: text(summary(was.Schema)), New: text(summary(is.Schema)), Was: was.Schema.Place("type"), Is: is.Schema.Place("type"), Lost: true, Found: true,
		})
		return
	}
	c.content(was.Schema, is.Schema, was.Declared.Child("schema"), is.Declared.Child("schema"), w)
}

// acceptsOne reports whether a parameter of one value became a list that accepts the same
// value alone: "q=a" is the list of one text (OpenAPI 3.0.3, Style Values: form, explode).
func acceptsOne(was, is *oas.Parameter) bool {
	if !was.Schema.IsScalar() || is.Schema == nil || !slices.Equal(is.Schema.Types, []string{"array"}) || !is.Explode || is.Serialization != "form" {
		return false
	}
	items := is.Schema.Items
	anyText := items == nil || slices.Equal(items.Types, []string{"string"}) && items.Enum == nil && len(items.Assertions)+len(items.Subschemas) == 0
	for keyword, bound := range is.Schema.Assertions {
		one := keyword == "uniqueItems" || keyword == "minItems" && bound.Value == "1" || keyword == "maxItems" && bound.Value != "0"
		if !one {
			return false
		}
	}
	return anyText && len(is.Schema.Subschemas) == 0 && is.Schema.Enum == nil
}

// written names the way in which a parameter's value is written.
func written(p *oas.Parameter) string {
	if p.Explode {
		return p.Serialization + " explode"
	}
	return p.Serialization
}

// flip is the difference of a boolean.
func flip(was, is bool, wasAt, isAt oas.Place) Difference {
	return Difference{Old: boolean(was), New: boolean(is), Was: wasAt, Is: isAt, Lost: was, Found: is}
}

func boolean(b bool) json.RawMessage { return json.RawMessage(strconv.FormatBool(b)) }

func (c *comparer) deprecation(w walk, what string, was, is bool, wasAt, isAt oas.Place) {
	if was == is {
		return
	}
	rule := "deprecation-added"
	if was {
		rule = "deprecation-withdrawn"
	}
	d := flip(was, is, wasAt, isAt)
	d.Item = what
	c.add(rule, w, d)
}

func (c *comparer) requestBody() {
	w := walk{way: Request, subject: TheRequest}
	was, is := c.was.Body, c.is.Body
	switch {
	case was == nil && is == nil:
	case is == nil:
		c.add("request-body-removed", w, Difference{Was: was.At, Is: c.is.Place.Child("requestBody"), Lost: true})
	case was == nil:
		rule := "request-body-added"
		if is.Required {
			rule = "request-body-added-required"
		}
		c.add(rule, w, Difference{Was: c.was.Place.Child("requestBody"), Is: is.At, Found: true})
	default:
		if was.Required != is.Required {
			rule := "request-body-required"
			if was.Required {
				rule = "request-body-optional"
			}
			c.add(rule, w, flip(was.Required, is.Required, was.RequiredAt, is.RequiredAt))
		}
		c.prose(w, was.Prose, is.Prose, was.Declared, is.Declared)
		c.media(w, was, is, "request-media-type")
	}
}

// media compares a body's media types; rules is the beginning of their rules' ids.
func (c *comparer) media(w walk, was, is *oas.Body, rules string) {
	for _, name := range names(was.Media, is.Media) {
		old, now := was.Media[name], is.Media[name]
		switch {
		case now == nil:
			c.add(rules+"-removed", w, Difference{Item: old.Type, Old: text(old.Type), Was: old.At, Is: is.Declared.Child("content", name), Lost: true})
		case old == nil:
			c.add(rules+"-added", w, Difference{Item: now.Type, New: text(now.Type), Was: was.Declared.Child("content", name), Is: now.At, Found: true})
		default:
			c.prose(w, old.Prose, now.Prose, old.At, now.At)
			c.content(old.Schema, now.Schema, old.At.Child("schema"), now.At.Child("schema"), w)
		}
	}
}

// prose compares what explains.
func (c *comparer) prose(w walk, was, is oas.Prose, wasAt, isAt oas.Place) {
	if !c.options.Prose {
		return
	}
	for _, keyword := range oas.ProseKeys() {
		old, hadIt := was.Item(keyword)
		now, hasIt := is.Item(keyword)
		if old.Value == now.Value {
			continue
		}
		d := Difference{Family: keyword, Keyword: keyword, Was: wasAt.Child(keyword), Is: isAt.Child(keyword), Lost: hadIt, Found: hasIt}
		if hadIt {
			d.Old, d.Was = json.RawMessage(old.Value), old.At
		}
		if hasIt {
			d.New, d.Is = json.RawMessage(now.Value), now.At
		}
		c.add("prose-changed", w, d)
	}
}
