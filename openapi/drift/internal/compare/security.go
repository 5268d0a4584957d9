package compare

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

func (c *comparer) security() {
	w := walk{direction: Request, subject: TheOperation}
	_, baseOpen := c.base.Security[oas.Anonymous]
	open, revisionOpen := c.revision.Security[oas.Anonymous]
	switch {
	case baseOpen && !revisionOpen:
		c.add("login-required", w, Difference{Base: c.base.SecurityAt, Revision: c.revision.SecurityAt, Found: true, New: Text(strings.Join(names(c.revision.Security, nil), ", or "))})
		return
	case revisionOpen && !baseOpen:
		c.add("login-added", w, Difference{Item: oas.Anonymous, New: Text(oas.Anonymous), Base: c.base.SecurityAt, Revision: open.At, Found: true})
		return
	}
	changed := set(append(c.changedScheme(), c.relaxedRequirements(w)...))
	for _, name := range names(c.base.Security, c.revision.Security) {
		base, revision := c.base.Security[name], c.revision.Security[name]
		switch {
		case changed[name]:
		case revision == nil:
			c.add("login-removed", w, Difference{Item: name, Old: Text(name), Base: base.At, Revision: c.revision.SecurityAt.Child(name), Lost: true})
		case base == nil:
			c.add("login-added", w, Difference{Item: name, New: Text(name), Base: c.base.SecurityAt.Child(name), Revision: revision.At, Found: true})
		default:
			c.requirement(w, base, revision)
		}
	}
}

// relaxedRequirements records requirements that now need fewer credentials, and returns
// their names on both sides.
func (c *comparer) relaxedRequirements(w walk) []string {
	var changed []string
	byDescription := make(map[string][]string) // the names of requirements by their first description
	for _, name := range names(c.revision.Security, nil) {
		if descriptions := c.revision.Security[name].Descriptions; len(descriptions) > 0 {
			byDescription[descriptions[0]] = append(byDescription[descriptions[0]], name)
		}
	}
	for _, name := range missing(c.base.Security, c.revision.Security) {
		base := c.base.Security[name]
		if now := c.relaxedRequirement(base, byDescription); now != "" {
			c.add("login-relaxed", w, Difference{
				Item: name, Old: Text(name), New: Text(now), Base: base.At, Revision: c.revision.Security[now].At, Lost: true, Found: true,
			})
			changed = append(changed, name, now)
		}
	}
	return changed
}

// relaxedRequirement returns the name of an upstream requirement that has only schemes and
// scopes of a requirement in the baseline, or "".
func (c *comparer) relaxedRequirement(base *oas.SecurityRequirement, byDescription map[string][]string) string {
	for _, description := range base.Descriptions {
		for _, name := range byDescription[description] {
			revision := c.revision.Security[name]
			fewer := !slices.ContainsFunc(revision.Descriptions, func(p string) bool { return !slices.Contains(base.Descriptions, p) })
			if fewer && len(missing(revision.Scopes, base.Scopes)) == 0 && strings.Contains(base.Addresses, revision.Addresses) {
				return name
			}
		}
	}
	return ""
}

// changedScheme records a scheme that changed but kept its name in the document, and returns
// the names of the two requirements.
func (c *comparer) changedScheme() []string {
	added := make(map[string]string)
	for _, now := range missing(c.revision.Security, c.base.Security) {
		added[c.revision.Security[now].Schemes] = now
	}
	for _, old := range missing(c.base.Security, c.revision.Security) {
		base := c.base.Security[old]
		now, found := added[base.Schemes]
		if !found {
			continue
		}
		c.add("login-changed", walk{direction: Request, subject: TheOperation}, Difference{
			Item: old, Old: Text(old), New: Text(now), Base: base.DeclaredAt, Revision: c.revision.Security[now].DeclaredAt, Lost: true, Found: true,
		})
		return []string{old, now}
	}
	return nil
}

func (c *comparer) requirement(w walk, base, revision *oas.SecurityRequirement) {
	for _, scope := range names(base.Scopes, revision.Scopes) {
		at, old := base.Scopes[scope]
		here, now := revision.Scopes[scope]
		switch {
		case old && !now:
			c.add("scope-removed", w, Difference{Item: scope, Old: Text(scope), Base: at, Revision: revision.At.Child(scope), Lost: true})
		case now && !old:
			c.add("scope-added", w, Difference{Item: scope, New: Text(scope), Base: base.At.Child(scope), Revision: here, Found: true})
		}
	}
	if base.Addresses != revision.Addresses {
		c.add("token-address-changed", w, Difference{
			Old: Text(base.Addresses), New: Text(revision.Addresses), Base: base.AddressesAt, Revision: revision.AddressesAt, Lost: true, Found: true,
		})
	}
}
