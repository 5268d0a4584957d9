package contracttest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
)

// askUpstream is the hint for items that no contract declares.
const askUpstream = "`exportbuckets drift --upstream FILE|URL` reports whether upstream declares it now"

// hintFor suggests a cause for a failure in the response's body.
func (c *validation) hintFor(f schema.Failure) string {
	switch {
	case f.Kind == schema.Undeclared:
		return cmp.Or(c.declared(f.Pointer, ""), f.Hint, askUpstream)
	case f.Keyword == "enum", f.Keyword == "discriminator":
		return cmp.Or(c.declared(f.Pointer, f.Actual), f.Hint)
	}
	return f.Hint
}

// declared returns a hint if a field, or a value of a field, is declared elsewhere: in
// another version of the contract or, for a user's contract, in the module's own contract.
func (c *validation) declared(pointer, value string) string {
	is := func(op *contract.Operation) bool { return op.Declares(c.exchange.Response.Status, pointer, value) }
	if versions := c.contract.Where(c.op.Method, c.op.Template, is); len(versions) > 0 && !slices.Contains(versions, c.op.At) {
		return fmt.Sprintf("declared in version %s; version %s was expected", strings.Join(versions, ", "), c.op.At)
	}
	return c.newer(is)
}

// newer returns a hint if the module's own contract has the requested operation in the same
// version, and the user's contract does not.
func (c *validation) newer(is func(*contract.Operation) bool) string {
	if c.options.Spec == nil {
		return ""
	}
	own, err := c.ownContract()
	if err != nil {
		return ""
	}
	version := c.verdict.match.Version
	if c.op != nil {
		version = c.op.At
	}
	if !slices.Contains(own.Where(c.exchange.Request.Method, c.verdict.match.Template, is), version) {
		return ""
	}
	upstream, err := pipeline.EmbeddedProvenance()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("declared upstream since %s at the latest: update the contract", upstream.Date)
}
