package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// Exit codes of the bucket verbs, in addition to those that all verbs share.
const (
	exitDeclined    = 1   // not confirmed
	exitNotFound    = 4   // project or export bucket
	exitRefused     = 5   // 401 or 403
	exitRateLimited = 6   // 429
	exitInUse       = 7   // only delete
	exitUnavailable = 8   // no response, or a status of 500 to 599
	exitClosedPipe  = 141 // the code that a shell reports for SIGPIPE
)

// maxDetail is the longest text from a server that an error shows, in columns.
const maxDetail = 400

// explain returns err as an error with an exit code, the reason, Atlas's error code and
// the next step.
func (s *session) explain(ctx context.Context, op operation, err error) error {
	var exit *exitError
	var failed *client.Error
	var unwritten *resultError
	switch {
	case err == nil || errors.As(err, &exit):
		return err
	case errors.Is(err, errInterrupted):
		return &exitError{exitInterrupted, errInterrupted}
	case errors.Is(err, errTimeout):
		return &exitError{exitUnavailable, fmt.Errorf("cannot %s: no response within %s (--timeout)\nNext: %s", op.doing, s.timeout, afterTimeout(op))}
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, errors.New(interrupted(op))}
	case errors.As(err, &unwritten) && errors.Is(unwritten, syscall.EPIPE):
		return &exitError{code: exitClosedPipe}
	case errors.As(err, &unwritten) && op.changes:
		return &exitError{exitFailure, fmt.Errorf("%w\nNext: Atlas did what was asked; `exportbuckets list --all` shows it", err)}
	case errors.As(err, &failed):
		text := fmt.Sprintf("cannot %s: %s", op.doing, failureText(failed))
		if next := s.nextStep(op, failed); next != "" {
			text += "\nNext: " + next
		}
		return &exitError{exitCode(failed), errors.New(s.redact(text))}
	}
	return &exitError{exitFailure, errors.New(s.redact(commandWords(err)))}
}

func interrupted(op operation) string {
	if op.changes {
		return "interrupted; Atlas may have done it anyway\nNext: `exportbuckets list --all` shows whether it did"
	}
	return "interrupted"
}

func afterTimeout(op operation) string {
	if op.changes {
		return "Atlas may have done it anyway: check with `exportbuckets list --all` before you try again"
	}
	return "try again later, or pass a longer --timeout"
}

func exitCode(e *client.Error) int {
	switch {
	case errors.Is(e, client.ErrBucketInUse):
		return exitInUse
	case errors.Is(e, client.ErrNotFound):
		return exitNotFound
	case errors.Is(e, client.ErrUnauthorized), errors.Is(e, client.ErrForbidden):
		return exitRefused
	case errors.Is(e, client.ErrRateLimited):
		return exitRateLimited
	case errors.Is(e, client.ErrTooLarge):
		return exitFailure
	case errors.Is(e, client.ErrServer), e.StatusCode == 0:
		return exitUnavailable
	}
	return exitFailure
}

// failureText describes a failure: the status, the code and the reason.
func failureText(e *client.Error) string {
	var text strings.Builder
	text.WriteString("no response")
	if e.StatusCode != 0 {
		text.Reset()
		text.WriteString(strings.TrimSpace(fmt.Sprint(e.StatusCode, " ", http.StatusText(e.StatusCode))))
	}
	if e.Code != "" {
		text.WriteString(", " + detailText(e.Code))
	}
	if e.Detail != "" {
		text.WriteString(": " + detailText(e.Detail))
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&text, "; %s: %s", detailText(f.Field), detailText(f.Description))
	}
	switch {
	case e.Cause != nil:
		text.WriteString(": " + detailText(commandWords(e.Cause)))
	case e.StatusCode >= 400 && e.Code == "" && e.Detail == "":
		fmt.Fprintf(&text, ": the response has no further details (Content-Type %q, perhaps from a proxy in front of Atlas)", detailText(e.ContentType))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&text, " (after %d attempts)", e.Attempts)
	}
	return text.String()
}

// detailText returns a text from a server cut to maxDetail and without control characters.
func detailText(s string) string {
	return termtext.Cut(termtext.Visible(strings.TrimSpace(s)), maxDetail)
}

// tokenPath is the end of the token endpoint's path.
const tokenPath = "/oauth/token"

// nextStep returns the advice after a failure, "" if there is none.
func (s *session) nextStep(op operation, e *client.Error) string {
	switch {
	case errors.Is(e, client.ErrBucketInUse):
		return "disable auto export on every cluster of the project that exports to this bucket, then delete it"
	case errors.Is(e, client.ErrRateLimited) && strings.HasSuffix(e.Path, tokenPath):
		return "wait" + waitTime(e) + "; each run asks for a token, and Atlas allows 10 a minute: for many runs in a row use one token (see `exportbuckets token --help`) or an API key"
	case errors.Is(e, client.ErrRateLimited):
		return "wait" + waitTime(e) + " and try again"
	case errors.Is(e, client.ErrUnauthorized):
		return fmt.Sprintf("check that the credentials (from %s) are right, still active, and of this project's organization", s.found.origin)
	case errors.Is(e, client.ErrForbidden) && strings.HasSuffix(e.Path, tokenPath):
		return "the service account may have too many active tokens; they expire within an hour"
	case e.Code == "IP_ADDRESS_NOT_ON_ACCESS_LIST":
		return fmt.Sprintf("put this address on the IP access list of the credentials (from %s)", s.found.origin)
	case errors.Is(e, client.ErrForbidden):
		role := "Project Read Only"
		if op.changes {
			role = "Project Backup Manager"
		}
		return fmt.Sprintf("grant the role %[2]s to the credentials (from %[1]s)", s.found.origin, role)
	case errors.Is(e, client.ErrProjectNotFound):
		return "check --project-id, and that the credentials may see that project"
	case errors.Is(e, client.ErrNotFound):
		return "`exportbuckets list --all` shows the ids of the existing export buckets"
	case errors.Is(e, client.ErrInvalidVersion):
		return "ask for another version with --api-version"
	case op.method == http.MethodPost && mayHaveBeenCarriedOut(e):
		return "Atlas may have created it anyway: check with `exportbuckets list --all` before you try again"
	case e.StatusCode == 0:
		return "check the network, the proxy and the base URL (--base-url, MONGODB_ATLAS_BASE_URL)"
	case errors.Is(e, client.ErrServer):
		return "try again later"
	case errors.Is(e, client.ErrBadRequest):
		return "correct the value that the response names; see `exportbuckets help`"
	}
	return ""
}

// mayHaveBeenCarriedOut reports whether a request may have been carried out although it failed.
func mayHaveBeenCarriedOut(e *client.Error) bool {
	return !errors.Is(e, syscall.ECONNREFUSED) && (e.StatusCode == 0 || e.StatusCode >= 500 || e.StatusCode < 300)
}

func waitTime(e *client.Error) string {
	if e.RetryAfter <= 0 {
		return " a minute"
	}
	return " " + e.RetryAfter.Round(time.Second).String()
}

// commandWords returns the text of a client's error with the names of flags instead of
// those of the Go API.
func commandWords(err error) string {
	var version *client.VersionError
	if errors.As(err, &version) {
		return fmt.Sprintf("API version %s does not support %s: omit --api-version", version.Version, version.Feature)
	}
	return commandReplacer.Replace(err.Error())
}

var commandReplacer = strings.NewReplacer(
	"exportbuckets: ", "",
	"the default project id", "the project id",
	"projectID", "the project id", "bucketID", "the export bucket's id",
	"AWS.BucketName", "--bucket-name", "Azure.BucketName", "--bucket-name", "GCP.BucketName", "--bucket-name",
	"AWS.IAMRoleID", "--role-id", "Azure.RoleID", "--role-id", "GCP.RoleID", "--role-id",
	"Azure.ServiceURL", "--service-url",
	"Update changes nothing: set at least one field", "nothing to update: pass --require-private-networking or --require-private-networking=false",
	"use https, or WithInsecureHTTP", "use https",
	"pass credentials as the auth", "pass the credentials separately, see `exportbuckets help credentials`",
	" (WithTimeout)", "", " (WithMaxResponseBytes)", "", " (WithBaseURL)", " (--base-url)",
)

// bearer matches the credentials of an Authorization header.
var bearer = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]+`)

// digestResponse matches the response to a Digest challenge.
var digestResponse = regexp.MustCompile(`(?i)\bresponse="[^"]*"`)

// leastSecret is the length of the shortest secret that is redacted: a shorter one may be
// part of any text.
const leastSecret = 4

// redact removes secrets from a text, because a server or a proxy may echo them.
func (s *session) redact(text string) string {
	text = bearer.ReplaceAllString(text, "$1 [secret]")
	text = digestResponse.ReplaceAllString(text, `response="[secret]"`)
	for _, secret := range s.found.secrets() {
		if len(secret) < leastSecret {
			continue
		}
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
			text = strings.ReplaceAll(text, form, "[secret]")
		}
	}
	return text
}
