package drift

import (
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// updatePlan describes how to update a baseline to upstream.
type updatePlan struct {
	// contract is true if operations of the contract were compared, which `make openapi`
	// updates in this module.
	contract bool
	// baseline is the user's own file, or "" if it cannot be written.
	baseline string
	// operations and only are the operations and the version of that file. They are empty
	// for a specification with several versions or many operations, which was not extracted
	// by trim.
	operations []string
	only       string
}

func (c *comparison) updatePlan() updatePlan {
	t := updatePlan{contract: c.base.embedded || len(c.options.Operations) == 0}
	if b := c.options.Baseline; b != nil && !b.Piped && !strings.Contains(b.Name, "://") {
		t.baseline = b.Name
	}
	if c.base.only != "" && len(c.base.all) <= maxOthers {
		for _, op := range c.base.all {
			t.operations = append(t.operations, op.ShortName)
		}
		t.only = c.base.only
	}
	return t
}

// first is the action to take about breaking changes before updating the baseline, or "" if
// there are none.
func (r *Report) first() string {
	var operations []string
	for _, c := range r.Changes {
		if c.Verdict == Breaking {
			operations = append(operations, c.Operations...)
		}
	}
	if operations = unique(operations); len(operations) == 0 {
		return ""
	}
	return "change the code that calls " + operationList(operations) + ": each breaking entry describes what no longer works"
}

// command returns the command that updates the baseline, or "" if there are no changes or
// the baseline is not a file. If the contract can be updated as well, the command for the
// user's own file follows as a shell comment.
func (t updatePlan) command(r *Report) string {
	if len(r.Changes) == 0 {
		return ""
	}
	fetch, upstream := "", phrase.ShellWord(r.Upstream)
	switch {
	case r.Stdin:
		upstream = "FILE"
	case strings.Contains(r.Upstream, "://"):
		fetch, upstream = "curl -fsSL --compressed -o upstream.yaml "+upstream+" && ", "upstream.yaml"
	}
	renew := t.renew(upstream)
	switch {
	case t.contract && renew != "":
		return fetch + "make openapi UPSTREAM=" + upstream + " # or, for your own file: " + renew
	case t.contract:
		return fetch + "make openapi UPSTREAM=" + upstream
	case renew != "":
		return fetch + renew
	}
	return ""
}

// renew returns the command that updates the user's own baseline.
func (t updatePlan) renew(upstream string) string {
	switch {
	case t.baseline == "":
		return ""
	case len(t.operations) == 0:
		return "cp " + upstream + " " + phrase.ShellWord(t.baseline)
	}
	return "exportbuckets trim --upstream " + upstream + " --operations " + phrase.ShellWord(strings.Join(t.operations, ",")) +
		" --api-version " + t.only + " --output " + phrase.ShellWord(t.baseline)
}
