package contracttest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
)

// askUpstream is the hint where the service does what nobody declared yet.
const askUpstream = "if Atlas means it, `exportbuckets drift --upstream FILE|URL` tells whether upstream declares it by now"

// hintFor suggests why the answer's body has a fault.
func (c *examination) hintFor(f schema.Fault) string {
	switch {
	case f.Kind == schema.Undeclared:
		return cmp.Or(c.declared(f.Pointer, ""), f.Hint, askUpstream)
	case f.Keyword == "enum", f.Keyword == "discriminator":
		return cmp.Or(c.declared(f.Pointer, f.Actual), f.Hint)
	}
	return f.Hint
}

// declared tells where a field, or a value of one, is declared that the contract
// lacks: in another version of it, or, of a contract of the user's, in the module's
// own.
func (c *examination) declared(pointer, value string) string {
	is := func(op *contract.Operation) bool { return op.Declares(c.x.Response.Status, pointer, value) }
	if versions := c.contract.Where(c.op.Method, c.op.Template, is); len(versions) > 0 && !slices.Contains(versions, c.op.At) {
		return fmt.Sprintf("declared in version %s; version %s was due", strings.Join(versions, ", "), c.op.At)
	}
	return c.newer(is)
}

// newer tells, of a contract of the user's, whether the module's own has the
// operation as asked for, in the version that is due.
func (c *examination) newer(is func(*contract.Operation) bool) string {
	if c.options.Spec == nil {
		return ""
	}
	own, err := c.own()
	if err != nil {
		return ""
	}
	due := c.verdict.match.Version
	if c.op != nil {
		due = c.op.At
	}
	if !slices.Contains(own.Where(c.x.Request.Method, c.verdict.match.Template, is), due) {
		return ""
	}
	return fmt.Sprintf("declared upstream since %s at the latest: update the contract", contract.EmbeddedDate())
}
