package contracttest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
)

// secretHint is the hint of every secret.
const secretHint = "remove it from the recording and revoke it; contracttest.NewRecorder and --record do not record credentials"

// secrets looks for credentials in every part of the exchange, regardless of its path,
// because most responses with credentials are those of other endpoints.
func (c *validation) secrets() {
	c.secretHeaders("request", c.exchange.Request.Header)
	c.secretHeaders("response", c.exchange.Response.Header)
	c.secretURL(c.exchange.Request.URL)
	c.secretText("the request body", c.exchange.Request.Body.Bytes)
	c.secretText("the response body", c.exchange.Response.Body.Bytes)
}

func (c *validation) secretHeaders(side string, header http.Header) {
	var found []string
	for name, values := range header {
		for _, value := range values {
			if what := secrets.InHeader(name, value); what != "" {
				found = append(found, name+"\x00"+what)
			}
		}
	}
	slices.Sort(found)
	for _, f := range slices.Compact(found) {
		name, what, _ := strings.Cut(f, "\x00")
		c.secret(name, what, fmt.Sprintf("the %s header %s", side, name))
	}
}

func (c *validation) secretURL(u *url.URL) {
	if password, ok := u.User.Password(); ok && !secrets.IsPlaceholder(password) {
		c.secret("", "a password", "the URL")
	}
	if u.RawQuery == "" {
		return
	}
	query, _ := url.ParseQuery(u.RawQuery)
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if secrets.IsSecretName(name) && !secrets.IsPlaceholder(query.Get(name)) {
			c.secret(name, "a credential", "the query parameter "+name)
		}
	}
}

func (c *validation) secretText(where string, text []byte) {
	if f := secrets.InText(text); f.What != "" {
		c.secret("", f.What, where)
	}
}

func (c *validation) secret(name, what, where string) {
	c.report(Finding{
		Rule: Secret, Name: name, Expected: "no credential", Actual: secrets.Redacted,
		Message: fmt.Sprintf("%s contains %s", where, what), Hint: secretHint,
	})
}

// redactQuery hides the values of parameters that contain credentials.
func redactQuery(raw string) string {
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, _, ok := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); ok && err == nil && secrets.IsSecretName(plain) {
			pairs[i] = name + "=" + secrets.Redacted
		}
	}
	return secrets.Redact(strings.Join(pairs, "&"))
}
