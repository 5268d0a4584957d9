package judge

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

func (c *comparer) logins() {
	w := walk{way: Request, subject: TheOperation}
	_, wasOpen := c.was.Logins[oas.Anonymous]
	open, isOpen := c.is.Logins[oas.Anonymous]
	switch {
	case wasOpen && !isOpen:
		c.add("login-required", w, Difference{Was: c.was.LoginsAt, Is: c.is.LoginsAt, Found: true, New: text(join(c.is.Logins))})
		return
	case isOpen && !wasOpen:
		c.add("login-added", w, Difference{Item: oas.Anonymous, New: text(oas.Anonymous), Was: c.was.LoginsAt, Is: open.At, Found: true})
		return
	}
	changed := set(append(c.changedLogin(), c.relaxedLogins(w)...))
	for _, name := range names(c.was.Logins, c.is.Logins) {
		was, is := c.was.Logins[name], c.is.Logins[name]
		switch {
		case changed[name]:
		case is == nil:
			c.add("login-removed", w, Difference{Item: name, Old: text(name), Was: was.At, Is: c.is.LoginsAt.Child(name), Lost: true})
		case was == nil:
			c.add("login-added", w, Difference{Item: name, New: text(name), Was: c.was.LoginsAt.Child(name), Is: is.At, Found: true})
		default:
			c.login(w, was, is)
		}
	}
}

// relaxedLogins records logins that need fewer credentials now, and returns the names
// of both.
func (c *comparer) relaxedLogins(w walk) []string {
	var changed []string
	byPart := make(map[string][]string) // the names of logins by their first part
	for _, name := range names(c.is.Logins, nil) {
		if parts := c.is.Logins[name].Parts; len(parts) > 0 {
			byPart[parts[0]] = append(byPart[parts[0]], name)
		}
	}
	for _, name := range missing(c.was.Logins, c.is.Logins) {
		was := c.was.Logins[name]
		if now := c.relaxed(was, byPart); now != "" {
			c.add("login-relaxed", w, Difference{
				Item: name, Old: text(name), New: text(now), Was: was.At, Is: c.is.Logins[now].At, Lost: true, Found: true,
			})
			changed = append(changed, name, now)
		}
	}
	return changed
}

// relaxed returns a login upstream that needs no more than the schemes and scopes of
// one in the baseline, "" for none.
func (c *comparer) relaxed(was *oas.Login, byPart map[string][]string) string {
	for _, part := range was.Parts {
		for _, name := range byPart[part] {
			is := c.is.Logins[name]
			fewer := !slices.ContainsFunc(is.Parts, func(p string) bool { return !slices.Contains(was.Parts, p) })
			if fewer && len(missing(is.Scopes, was.Scopes)) == 0 && strings.Contains(was.Addresses, is.Addresses) {
				return name
			}
		}
	}
	return ""
}

// changedLogin records a scheme that became another under its old name, and returns
// both of its names.
func (c *comparer) changedLogin() []string {
	appeared := make(map[string]string)
	for _, now := range missing(c.is.Logins, c.was.Logins) {
		appeared[c.is.Logins[now].Schemes] = now
	}
	for _, old := range missing(c.was.Logins, c.is.Logins) {
		was := c.was.Logins[old]
		now, found := appeared[was.Schemes]
		if !found {
			continue
		}
		c.add("login-changed", walk{way: Request, subject: TheOperation}, Difference{
			Item: old, Old: text(old), New: text(now), Was: was.DeclaredAt, Is: c.is.Logins[now].DeclaredAt, Lost: true, Found: true,
		})
		return []string{old, now}
	}
	return nil
}

func join(logins map[string]*oas.Login) string {
	out := ""
	for _, name := range names(logins, nil) {
		if out != "" {
			out += ", or "
		}
		out += name
	}
	return out
}

func (c *comparer) login(w walk, was, is *oas.Login) {
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
