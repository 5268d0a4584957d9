package client

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// ErrNoCredentials matches the error of [FromEnv] and [FromLookup] when no
// credentials are set.
var ErrNoCredentials = errors.New("exportbuckets: no credentials")

// envVar is a setting and the names of its variables, in order of precedence.
type envVar struct {
	names []string
}

// The variables that FromEnv reads: those of the Atlas CLI, those of MongoDB's Terraform
// provider, and the older MCLI names that both still read.
var (
	envAccessToken  = envVar{names: []string{"MONGODB_ATLAS_ACCESS_TOKEN", "MCLI_ACCESS_TOKEN"}}
	envClientID     = envVar{names: []string{"MONGODB_ATLAS_CLIENT_ID", "MCLI_CLIENT_ID"}}
	envClientSecret = envVar{names: []string{"MONGODB_ATLAS_CLIENT_SECRET", "MCLI_CLIENT_SECRET"}}
	envPublicKey    = envVar{names: []string{"MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY", "MCLI_PUBLIC_API_KEY"}}
	envPrivateKey   = envVar{names: []string{"MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY", "MCLI_PRIVATE_API_KEY"}}
	envBaseURL      = envVar{names: []string{"MONGODB_ATLAS_BASE_URL", "MCLI_OPS_MANAGER_URL"}}
	envProjectID    = envVar{names: []string{"MONGODB_ATLAS_PROJECT_ID", "MCLI_PROJECT_ID"}}
)

// FromEnv returns a client with credentials from the environment variables of the Atlas
// CLI and of MongoDB's Terraform provider. Options take precedence over the environment.
//
// If several kinds of credentials are set, the first in this list is used, as in Terraform:
//
//  1. an access token: MONGODB_ATLAS_ACCESS_TOKEN, MCLI_ACCESS_TOKEN
//  2. a service account: MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET,
//     MCLI_CLIENT_ID and MCLI_CLIENT_SECRET
//  3. an API key: MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY,
//     MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY,
//     MCLI_PUBLIC_API_KEY and MCLI_PRIVATE_API_KEY
//
// MONGODB_ATLAS_BASE_URL or MCLI_OPS_MANAGER_URL is the base URL,
// MONGODB_ATLAS_PROJECT_ID or MCLI_PROJECT_ID the default project.
//
// Empty variables count as not set. FromEnv returns an error if no credentials are set
// (it matches [ErrNoCredentials]), if one half of a pair is missing, or if two names of one
// setting have different values. The error names the variables and shows no value.
func FromEnv(opts ...Option) (*Client, error) { return FromLookup(os.Getenv, opts...) }

// FromLookup is [FromEnv] for variables from another source, such as a file. lookup returns
// the value of a variable, "" if it is not set.
func FromLookup(lookup func(name string) string, opts ...Option) (*Client, error) {
	env := environment{lookup: lookup}
	auth := env.auth()
	fromEnv := []Option{}
	if base := env.get(envBaseURL); base != "" {
		fromEnv = append(fromEnv, WithBaseURL(base))
	}
	if project := env.get(envProjectID); project != "" {
		fromEnv = append(fromEnv, WithProjectID(project))
	}
	if err := errors.Join(env.problems...); err != nil {
		return nil, err
	}
	return New(auth, append(fromEnv, opts...)...)
}

// AuthFromEnv returns the credentials that [FromEnv] uses, for [NewHTTPClient] or
// [New]. It reads no base URL and no project.
func AuthFromEnv() (Auth, error) {
	env := environment{lookup: os.Getenv}
	auth := env.auth()
	if err := errors.Join(env.problems...); err != nil {
		return nil, err
	}
	return auth, nil
}

// environment reads variables and collects the errors in them.
type environment struct {
	lookup   func(name string) string
	problems []error
}

// auth returns the first kind of credentials that is set.
func (e *environment) auth() Auth {
	if token := e.get(envAccessToken); token != "" {
		return AccessToken(token)
	}
	if id, secret, ok := e.pair(envClientID, envClientSecret); ok {
		return ServiceAccount(id, secret)
	}
	if public, private, ok := e.pair(envPublicKey, envPrivateKey); ok {
		return APIKey(public, private)
	}
	e.problems = append(e.problems, fmt.Errorf("%w in the environment: set %s and %s, %s and %s, or %s",
		ErrNoCredentials, envClientID.names[0], envClientSecret.names[0], envPublicKey.names[0], envPrivateKey.names[0], envAccessToken.names[0]))
	return nil
}

// pair reads two settings that belong together, and reports whether one of them is set.
func (e *environment) pair(a, b envVar) (string, string, bool) {
	first, second := e.get(a), e.get(b)
	switch {
	case first == "" && second != "":
		e.missing(a, b)
	case first != "" && second == "":
		e.missing(b, a)
	}
	return first, second, first != "" || second != ""
}

func (e *environment) missing(what, other envVar) {
	e.problems = append(e.problems, fmt.Errorf("exportbuckets: %s is set, %s is not: set it too", e.found(other), strings.Join(what.names, " or ")))
}

// get returns the value of a setting, "" if it is not set.
func (e *environment) get(v envVar) string {
	value, from := "", ""
	for _, name := range v.names {
		switch got := e.lookup(name); {
		case got == "" || got == value:
		case value == "":
			value, from = got, name
		default:
			e.problems = append(e.problems, fmt.Errorf("exportbuckets: %s and %s are both set and differ: unset one", from, name))
		}
	}
	return value
}

// found returns the name of the variable that sets v.
func (e *environment) found(v envVar) string {
	for _, name := range v.names {
		if e.lookup(name) != "" {
			return name
		}
	}
	return v.names[0]
}
