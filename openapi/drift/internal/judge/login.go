package judge

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
)

func (c *comparer) logins() {
	w := walk{way: Request, subject: TheOperation}
	_, wasOpen := c.was.Logins[shape.Anonymous]
	open, isOpen := c.is.Logins[shape.Anonymous]
	switch {
	case wasOpen && !isOpen:
		c.add("login-required", w, Difference{Was: c.was.LoginsAt, Is: c.is.LoginsAt, Found: true, New: text(join(c.is.Logins))})
		return
	case isOpen && !wasOpen:
		c.add("login-added", w, Difference{Item: shape.Anonymous, New: text(shape.Anonymous), Was: c.was.LoginsAt, Is: open.At, Found: true})
		return
	}
	changed := c.changedLogin()
	for _, name := range names(c.was.Logins, c.is.Logins) {
		was, is := c.was.Logins[name], c.is.Logins[name]
		switch {
		case slices.Contains(changed, name):
		case is == nil:
			c.add("login-removed", w, Difference{Item: name, Old: text(name), Was: was.At, Is: c.is.LoginsAt.Child(name), Lost: true})
		case was == nil:
			c.add("login-added", w, Difference{Item: name, New: text(name), Was: c.was.LoginsAt.Child(name), Is: is.At, Found: true})
		default:
			c.login(w, was, is)
		}
	}
}

// changedLogin tells of a scheme that became another under its old name, and gives
// both of its names.
func (c *comparer) changedLogin() []string {
	for _, old := range names(c.was.Logins, nil) {
		for _, now := range names(c.is.Logins, nil) {
			was, is := c.was.Logins[old], c.is.Logins[now]
			if c.is.Logins[old] == nil && c.was.Logins[now] == nil && was.Schemes == is.Schemes {
				c.add("login-changed", walk{way: Request, subject: TheOperation}, Difference{
					Item: old, Old: text(old), New: text(now), Was: was.DeclaredAt, Is: is.DeclaredAt, Lost: true, Found: true,
				})
				return []string{old, now}
			}
		}
	}
	return nil
}

func join(logins map[string]*shape.Login) string {
	out := ""
	for _, name := range names(logins, nil) {
		if out != "" {
			out += ", or "
		}
		out += name
	}
	return out
}

func (c *comparer) login(w walk, was, is *shape.Login) {
	for _, scope := range names(was.Scopes, is.Scopes) {
		at, old := was.Scopes[scope]
		here, now := is.Scopes[scope]
		switch {
		case old && !now:
			c.add("scope-removed", w, Difference{Item: scope, Old: text(scope), Was: at, Is: is.At.Child(scope), Lost: true})
		case now && !old:
			c.add("scope-added", w, Difference{Item: scope, New: text(scope), Was: was.At.Child(scope), Is: here, Found: true})
		}
	}
	if was.Addresses != is.Addresses {
		c.add("token-address-changed", w, Difference{
			Old: text(was.Addresses), New: text(is.Addresses), Was: was.AddressesAt, Is: is.AddressesAt, Lost: true, Found: true,
		})
	}
}
