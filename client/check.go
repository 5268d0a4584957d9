package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrInvalidArgument matches every [*ArgumentError].
var ErrInvalidArgument = errors.New("exportbuckets: invalid argument")

// ArgumentError reports an invalid argument. No request was sent. Several errors are joined
// (errors.Join).
type ArgumentError struct {
	// Argument names it, such as "projectID" or "AWS.BucketName".
	Argument string
	// Problem describes what is wrong, and the valid values.
	Problem string
}

func (e *ArgumentError) Error() string {
	return "exportbuckets: " + e.Argument + " " + e.Problem
}

// Is matches [ErrInvalidArgument].
func (e *ArgumentError) Is(target error) bool { return target == ErrInvalidArgument }

// Limits of the API's fields (the specification's minLength and maxLength, in
// characters).
const (
	minBucketName, maxBucketName = 3, 63
	minServiceURL, maxServiceURL = 33, 2048
	maxItemsPerPage              = 500
)

// checks collects the errors in a call's arguments.
type checks struct {
	problems []error
}

func (c *checks) add(argument, format string, args ...any) {
	c.problems = append(c.problems, &ArgumentError{Argument: argument, Problem: fmt.Sprintf(format, args...)})
}

func (c *checks) err() error { return errors.Join(c.problems...) }

// id checks an id that becomes part of a path or body. Only 24 hexadecimal digits are
// valid, so an id cannot change the path.
func (c *checks) id(argument, value string) {
	switch {
	case value == "":
		c.add(argument, "is empty: it is a 24-digit hexadecimal id")
	case !isHexID(value):
		c.add(argument, "is %s: it must be 24 hexadecimal digits, lower case", quoteShort(value))
	}
}

// length checks a text's number of characters.
func (c *checks) length(argument, value string, least, most int) {
	switch n := utf8.RuneCountInString(value); {
	case n == 0:
		c.add(argument, "is empty: it must have %d to %d characters", least, most)
	case n < least || n > most:
		c.add(argument, "is %s, %d characters long: it must have %d to %d", quoteShort(value), n, least, most)
	}
}

// target checks the argument of Create.
func (c *checks) target(t Target) {
	switch t := t.(type) {
	case AWS:
		c.length("AWS.BucketName", t.BucketName, minBucketName, maxBucketName)
		c.id("AWS.IAMRoleID", t.IAMRoleID)
	case Azure:
		if t.BucketName != "" {
			c.length("Azure.BucketName", t.BucketName, minBucketName, maxBucketName)
		}
		c.id("Azure.RoleID", t.RoleID)
		c.length("Azure.ServiceURL", t.ServiceURL, minServiceURL, maxServiceURL)
		if t.TenantID != "" && !isUUID(t.TenantID) {
			c.add("Azure.TenantID", "is %s: it must be a UUID, or empty", quoteShort(t.TenantID))
		}
	case GCP:
		c.length("GCP.BucketName", t.BucketName, minBucketName, maxBucketName)
		c.id("GCP.RoleID", t.RoleID)
	case Unknown:
		if raw := bytes.TrimSpace([]byte(t.Raw)); !json.Valid(raw) || raw[0] != '{' {
			c.add("Unknown.Raw", "must be a JSON object")
		}
	case nil:
		c.add("target", "is nil: pass an AWS, Azure or GCP value")
	}
}

// update checks the argument of Update.
func (c *checks) update(u Update) {
	if u == (Update{}) {
		c.add("Update", "changes nothing: set at least one field")
	}
}

// listOptions checks the paging options.
func (c *checks) listOptions(o ListOptions) {
	if o.ItemsPerPage < 0 || o.ItemsPerPage > maxItemsPerPage {
		c.add("ListOptions.ItemsPerPage", "is %d: it must be 1 to %d, or 0 for %d", o.ItemsPerPage, maxItemsPerPage, maxItemsPerPage)
	}
	if o.PageNum < 0 {
		c.add("ListOptions.PageNum", "is %d: pages count from 1", o.PageNum)
	}
}

// quoteShort quotes a value for an error message and shortens it to fit on a line.
func quoteShort(s string) string { return fmt.Sprintf("%q", cut(s, 60)) }

const hexDigits = "0123456789abcdef"

// isHexID reports whether s has the pattern of the API's ids, ^([a-f0-9]{24})$.
func isHexID(s string) bool { return len(s) == 24 && strings.Trim(s, hexDigits) == "" }

// isUUID reports whether s is written 8-4-4-4-12 in hexadecimal digits.
func isUUID(s string) bool {
	const layout = "00000000-0000-0000-0000-000000000000"
	if len(s) != len(layout) {
		return false
	}
	for i, c := range strings.ToLower(s) {
		if hyphen := layout[i] == '-'; hyphen != (c == '-') || !hyphen && !strings.ContainsRune(hexDigits, c) {
			return false
		}
	}
	return true
}
