package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// faultOperations are the values of the key on of a fault.
var faultOperations = []fakeatlas.Operation{
	fakeatlas.OpList, fakeatlas.OpCreate, fakeatlas.OpGet, fakeatlas.OpUpdate, fakeatlas.OpDelete, fakeatlas.OpToken, fakeatlas.OpRevoke,
	fakeatlas.OpListProjects, fakeatlas.OpGetProject, fakeatlas.OpListClusters, fakeatlas.OpGetCluster,
	fakeatlas.OpListOrganizations, fakeatlas.OpGetOrganization, fakeatlas.OpChallenge,
}

// faultKeys are the keys that may follow the kind of a fault.
var faultKeys = []string{"on=", "project=", "bucket=", "account=", "page=", "after=", "times=", "p=", "code=", "detail=", "parameters="}

// completeFault completes the kind of a fault, then its keys, and the operations of the
// key on.
func completeFault(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	done, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		done, last = typed[:i+1], typed[i+1:]
	}
	var words []cobra.Completion
	add := func(word, about string) {
		if strings.HasPrefix(word, last) {
			words = append(words, cobra.CompletionWithDesc(done+word, about))
		}
	}
	switch {
	case done == "":
		for _, kind := range fakeatlas.FaultKinds() {
			name, _, valued := strings.Cut(kind.Spelling, "=")
			if valued && !strings.HasSuffix(name, "[") {
				name += "="
			}
			add(strings.TrimSuffix(name, "["), kind.Does)
		}
	case strings.HasPrefix(last, "on="):
		for _, op := range faultOperations {
			add("on="+string(op), "")
		}
	default:
		for _, key := range faultKeys {
			add(key, "")
		}
	}
	return words, directive
}

// completeProviders completes a list of cloud providers.
func completeProviders(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	done, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		done, last = typed[:i+1], typed[i+1:]
	}
	var words []cobra.Completion
	for _, name := range []fakeatlas.Provider{fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP} {
		if strings.HasPrefix(string(name), strings.ToUpper(last)) {
			words = append(words, done+string(name))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
