package judge

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// responses compares what the operation responds with, by status. A response for a
// status stands in for 4XX or default where the other side has only those.
func (c *comparer) responses() {
	old, now := declaredBy(c.was), declaredBy(c.is)
	for _, status := range names(c.was.Responses, c.is.Responses) {
		was, is := c.was.Responses[status], c.is.Responses[status]
		w := walk{way: Response, subject: TheErrorAnswer}
		if isSuccess(status) {
			w.subject = TheAnswer
		}
		switch {
		case is == nil:
			c.statusRemoved(status, was, now, w)
		case was == nil:
			c.statusAdded(status, is, old, w)
		default:
			c.response(w, was, is)
		}
	}
}

func (c *comparer) statusRemoved(status string, was *oas.Response, now declared, w walk) {
	rule, general := "error-status-removed", now.covering(status)
	if general != nil {
		c.response(w, was, general)
	}
	switch {
	case isSuccess(status) && general != nil && general == c.is.Responses[status[:1]+"XX"]:
		return // reported as the class that was added
	case isSuccess(status) && now.within(status):
		rule = "status-narrowed"
	case isSuccess(status):
		rule = "success-status-removed"
	}
	w.subject = TheOperation
	c.add(rule, w, Difference{Item: status, Old: text(status), Was: was.At, Is: c.is.Place.Child("responses", status), Lost: true})
}

func (c *comparer) statusAdded(status string, is *oas.Response, old declared, w walk) {
	if general := old.covering(status); general != nil {
		c.response(w, general, is)
	}
	rule := "status-added"
	if isSuccess(status) && old.within(status) {
		rule = "status-generalized"
	}
	w.subject = TheOperation
	c.add(rule, w, Difference{Item: status, New: text(status), Was: c.was.Place.Child("responses", status), Is: is.At, Found: true})
}

// declared are the responses of one side.
type declared struct {
	byStatus map[string]*oas.Response
	// success reports that one of them is for a success.
	success bool
}

func declaredBy(e *oas.Effective) declared {
	return declared{e.Responses, slices.ContainsFunc(names(e.Responses, nil), isSuccess)}
}

// covering returns the response that applies to a status which has none of its own:
// that of its class, or else the default. Beside declared successes, the default is
// taken to be for errors.
func (d declared) covering(status string) *oas.Response {
	if class := status[:min(1, len(status))] + "XX"; d.byStatus[class] != nil && class != status {
		return d.byStatus[class]
	}
	if status == "default" || isSuccess(status) && d.success {
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

func (c *comparer) response(w walk, was, is *oas.Response) {
	c.prose(w, was.Prose, is.Prose, was.Declared, is.Declared)
	switch {
	case len(was.Media) > 0 && len(is.Media) == 0:
		c.add("response-body-removed", w, Difference{Was: was.Declared.Child("content"), Is: is.Declared.Child("content"), Lost: true})
	case len(was.Media) == 0 && len(is.Media) > 0:
		c.add("response-body-added", w, Difference{Was: was.Declared.Child("content"), Is: is.Declared.Child("content"), Found: true})
	default:
		c.media(w, &was.Body, &is.Body, "response-media-type")
	}
	for _, name := range names(was.Headers, is.Headers) {
		c.header(w, name, was, is)
	}
}

func (c *comparer) header(w walk, name string, from, to *oas.Response) {
	was, is := from.Headers[name], to.Headers[name]
	if was != nil {
		name = was.Name
	} else {
		name = is.Name
	}
	w.subject = Subject("the header " + name)
	switch {
	case is == nil:
		c.add("header-removed", w, Difference{Item: name, Old: text(name), Was: was.At, Is: to.Declared.Child("headers", name), Lost: true})
		return
	case was == nil:
		c.add("header-added", w, Difference{Item: name, New: text(name), Was: from.Declared.Child("headers", name), Is: is.At, Found: true})
		return
	}
	if was.Required != is.Required {
		rule := "header-required"
		if was.Required {
			rule = "header-optional"
		}
		c.add(rule, w, flip(was.Required, is.Required, was.Declared.Child("required"), is.Declared.Child("required")))
	}
	c.deprecation(w, "the header", was.Deprecated, is.Deprecated, was.Declared.Child("deprecated"), is.Declared.Child("deprecated"))
	c.prose(w, was.Prose, is.Prose, was.Declared, is.Declared)
	c.content(was.Schema, is.Schema, was.Declared.Child("schema"), is.Declared.Child("schema"), w)
}
