package compare

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

func (c *comparer) logins() {
	w := walk{way: Request, subject: TheOperation}
	_, baseOpen := c.base.Logins[oas.Anonymous]
	open, revisionOpen := c.revision.Logins[oas.Anonymous]
	switch {
	case baseOpen && !revisionOpen:
		c.add("login-required", w, Difference{Base: c.base.LoginsAt, Revision: c.revision.LoginsAt, Found: true, New: Text(strings.Join(names(c.revision.Logins, nil), ", or "))})
		return
	case revisionOpen && !baseOpen:
		c.add("login-added", w, Difference{Item: oas.Anonymous, New: Text(oas.Anonymous), Base: c.base.LoginsAt, Revision: open.At, Found: true})
		return
	}
	changed := set(append(c.changedLogin(), c.relaxedLogins(w)...))
	for _, name := range names(c.base.Logins, c.revision.Logins) {
		base, revision := c.base.Logins[name], c.revision.Logins[name]
		switch {
		case changed[name]:
		case revision == nil:
			c.add("login-removed", w, Difference{Item: name, Old: Text(name), Base: base.At, Revision: c.revision.LoginsAt.Child(name), Lost: true})
		case base == nil:
			c.add("login-added", w, Difference{Item: name, New: Text(name), Base: c.base.LoginsAt.Child(name), Revision: revision.At, Found: true})
		default:
			c.login(w, base, revision)
		}
	}
}

// relaxedLogins records logins that now need fewer credentials, and returns their names on
// both sides.
func (c *comparer) relaxedLogins(w walk) []string {
	var changed []string
	byPart := make(map[string][]string) // the names of logins by their first part
	for _, name := range names(c.revision.Logins, nil) {
		if parts := c.revision.Logins[name].Parts; len(parts) > 0 {
			byPart[parts[0]] = append(byPart[parts[0]], name)
		}
	}
	for _, name := range missing(c.base.Logins, c.revision.Logins) {
		base := c.base.Logins[name]
		if now := c.relaxed(base, byPart); now != "" {
			c.add("login-relaxed", w, Difference{
				Item: name, Old: Text(name), New: Text(now), Base: base.At, Revision: c.revision.Logins[now].At, Lost: true, Found: true,
			})
			changed = append(changed, name, now)
		}
	}
	return changed
}

// relaxed returns the name of an upstream login that requires only schemes and scopes of a
// login in the baseline, or "".
func (c *comparer) relaxed(base *oas.Login, byPart map[string][]string) string {
	for _, part := range base.Parts {
		for _, name := range byPart[part] {
			revision := c.revision.Logins[name]
			fewer := !slices.ContainsFunc(revision.Parts, func(p string) bool { return !slices.Contains(base.Parts, p) })
			if fewer && len(missing(revision.Scopes, base.Scopes)) == 0 && strings.Contains(base.Addresses, revision.Addresses) {
				return name
			}
		}
	}
	return ""
}

// changedLogin records a scheme that changed but kept its name in the document, and returns
// the names of the two logins.
func (c *comparer) changedLogin() []string {
	appeared := make(map[string]string)
	for _, now := range missing(c.revision.Logins, c.base.Logins) {
		appeared[c.revision.Logins[now].Schemes] = now
	}
	for _, old := range missing(c.base.Logins, c.revision.Logins) {
		base := c.base.Logins[old]
		now, found := appeared[base.Schemes]
		if !found {
			continue
		}
		c.add("login-changed", walk{way: Request, subject: TheOperation}, Difference{
			Item: old, Old: Text(old), New: Text(now), Base: base.DeclaredAt, Revision: c.revision.Logins[now].DeclaredAt, Lost: true, Found: true,
		})
		return []string{old, now}
	}
	return nil
}

func (c *comparer) login(w walk, base, revision *oas.Login) {
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
