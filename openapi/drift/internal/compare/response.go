package compare

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// responses compares the operation's responses by status. The response for a status is
// compared with 4XX or default if the other side has only those.
func (c *comparer) responses() {
	old, now := declaredBy(c.base), declaredBy(c.revision)
	for _, status := range names(c.base.Responses, c.revision.Responses) {
		base, revision := c.base.Responses[status], c.revision.Responses[status]
		w := walk{direction: Response, subject: TheErrorResponse}
		if isSuccess(status) {
			w.subject = TheResponse
		}
		switch {
		case revision == nil:
			c.statusRemoved(status, base, now, w)
		case base == nil:
			c.statusAdded(status, revision, old, w)
		default:
			c.response(w, base, revision)
		}
	}
}

func (c *comparer) statusRemoved(status string, base *oas.Response, now declared, w walk) {
	rule, general := "error-status-removed", now.covering(status)
	if general != nil {
		c.response(w, base, general)
	}
	switch {
	case isSuccess(status) && general != nil && general == c.revision.Responses[status[:1]+"XX"]:
		return // the added class, such as 2XX, is reported instead
	case isSuccess(status) && now.within(status):
		rule = "status-narrowed"
	case isSuccess(status):
		rule = "success-status-removed"
	}
	w.subject = TheOperation
	c.add(rule, w, Difference{Item: status, Old: Text(status), Base: base.At, Revision: c.revision.Place.Child("responses", status), Lost: true})
}

func (c *comparer) statusAdded(status string, revision *oas.Response, old declared, w walk) {
	if general := old.covering(status); general != nil {
		c.response(w, general, revision)
	}
	rule := either(isSuccess(status) && old.within(status), "status-generalized", "status-added")
	w.subject = TheOperation
	c.add(rule, w, Difference{Item: status, New: Text(status), Base: c.base.Place.Child("responses", status), Revision: revision.At, Found: true})
}

// declared contains the responses of one side by status.
type declared struct {
	byStatus map[string]*oas.Response
	// success is true if one of them is for a success status.
	success bool
}

func declaredBy(e *oas.Effective) declared {
	return declared{e.Responses, slices.ContainsFunc(names(e.Responses, nil), isSuccess)}
}

// covering returns the response for a status without its own response: that of its class,
// or else the default. If a success is declared, the default applies only to errors.
func (d declared) covering(status string) *oas.Response {
	if class := d.byStatus[status[:min(1, len(status))]+"XX"]; class != nil {
		return class
	}
	if isSuccess(status) && d.success {
		return nil
	}
	return d.byStatus["default"]
}

// within reports whether there are responses for statuses of a class such as 2XX.
func (d declared) within(class string) bool {
	if class[1:] != "XX" {
		return false
	}
	for status := range d.byStatus {
		if strings.HasPrefix(status, class[:1]) {
			return true
		}
	}
	return false
}

func isSuccess(status string) bool { return status[:min(1, len(status))] == "2" }

func (c *comparer) response(w walk, base, revision *oas.Response) {
	c.prose(w, base.Prose, revision.Prose, base.Declared, revision.Declared)
	switch {
	case len(base.Media) > 0 && len(revision.Media) == 0:
		c.add("response-body-removed", w, Difference{Base: base.Declared.Child("content"), Revision: revision.Declared.Child("content"), Lost: true})
	case len(base.Media) == 0 && len(revision.Media) > 0:
		c.add("response-body-added", w, Difference{Base: base.Declared.Child("content"), Revision: revision.Declared.Child("content"), Found: true})
	default:
		c.media(w, &base.Body, &revision.Body, "response-media-type")
	}
	for _, name := range names(base.Headers, revision.Headers) {
		c.header(w, name, base, revision)
	}
}

func (c *comparer) header(w walk, name string, from, to *oas.Response) {
	base, revision := from.Headers[name], to.Headers[name]
	if base != nil {
		name = base.Name
	} else {
		name = revision.Name
	}
	w.subject = Subject("the header " + name)
	switch {
	case revision == nil:
		c.add("header-removed", w, Difference{Item: name, Old: Text(name), Base: base.At, Revision: to.Declared.Child("headers", name), Lost: true})
	case base == nil:
		c.add("header-added", w, Difference{Item: name, New: Text(name), Base: from.Declared.Child("headers", name), Revision: revision.At, Found: true})
	default:
		c.value("header", w, base.Value, revision.Value)
	}
}
