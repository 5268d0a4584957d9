package main

import (
	"errors"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// TestExitCode checks the exit code for each kind of failure.
func TestExitCode(t *testing.T) {
	for _, test := range []struct {
		name string
		err  client.Error
		want int
	}{
		{"in use", client.Error{StatusCode: 400, Code: "EXPORT_BUCKET_DELETE_FAILED_BUCKET_IN_USE"}, exitInUse},
		{"not found", client.Error{StatusCode: 404}, exitNotFound},
		{"unauthorized", client.Error{StatusCode: 401}, exitRefused},
		{"forbidden", client.Error{StatusCode: 403}, exitRefused},
		{"rate limited", client.Error{StatusCode: 429}, exitRateLimited},
		{"500", client.Error{StatusCode: 500}, exitUnavailable},
		{"599", client.Error{StatusCode: 599}, exitUnavailable},
		{"no response", client.Error{Cause: errors.New("reset")}, exitUnavailable},
		{"600", client.Error{StatusCode: 600}, exitFailure},
		{"bad request", client.Error{StatusCode: 400}, exitFailure},
		{"too large", client.Error{StatusCode: 502, Cause: client.ErrTooLarge}, exitFailure},
		{"another media type", client.Error{StatusCode: 200, Cause: &client.MediaTypeError{}}, exitFailure},
	} {
		if got := exitCode(&test.err); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}
