package client_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// inTurn serves each request with the next handler, and later requests with the last one.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	var n counter
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		handlers[min(n.next(), len(handlers))-1](w, r)
	}
}

// respond returns a handler for one response.
func respond(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if status == http.StatusNoContent {
			w.Header()["Content-Type"] = nil
			if contentType != "" {
				w.Header().Set("Content-Type", contentType)
			}
			w.WriteHeader(status)
			return
		}
		raw(w, status, contentType, body)
	}
}

const (
	noBucket   = `{"error":404,"errorCode":"EXPORT_BUCKET_NOT_FOUND"}`
	noProject  = `{"error":404,"errorCode":"GROUP_NOT_FOUND"}`
	v2023      = "application/vnd.atlas.2023-01-01+json"
	plainJSON  = "application/json"
	portalPage = "<html>Sign in to the network</html>"
)

// TestDeleteIsConfirmed checks that a deletion succeeds only with status 204 in the
// requested version.
func TestDeleteIsConfirmed(t *testing.T) {
	tests := []struct {
		status      int
		contentType string
		version     client.APIVersion
		done        bool
	}{
		{204, v2023, client.V20240530, true},
		{204, v2023 + ";charset=utf-8", client.V20240530, true},
		{204, "", client.V20240530, true},
		{204, v2023, client.V20230101, true},
		{204, plainJSON, client.V1, true},
		{204, "", client.V1, true},
		{204, v2024, client.V20240530, false},
		{204, "application/vnd.atlas.2025-03-12+json", client.V20240530, false},
		{204, "text/html", client.V20240530, false},
		{204, v2023, client.V1, false},
		{200, "text/html", client.V20240530, false},
		{200, v2023, client.V20240530, false},
		{201, v2023, client.V20240530, false},
		{202, v2023, client.V20240530, false},
		{203, v2023, client.V20240530, false},
		{205, v2023, client.V20240530, false},
		{206, v2023, client.V20240530, false},
	}
	for _, test := range tests {
		c := clientOf(t, respond(test.status, test.contentType, portalPage), client.WithAPIVersion(test.version))
		err := c.Delete(t.Context(), project, bucket)
		var e *client.Error
		switch {
		case test.done && err != nil:
			t.Errorf("%d %q with %s: got %v, want success", test.status, test.contentType, test.version, err)
		case !test.done && (!errors.As(err, &e) || e.StatusCode != test.status || !errors.Is(err, client.ErrOutcomeUnknown)):
			t.Errorf("%d %q with %s: got %v, want an error with the status and an unknown outcome", test.status, test.contentType, test.version, err)
		}
	}
}

// TestDeleteAfterRetry checks that a 404 counts as a successful deletion only if it names
// the bucket and an earlier attempt may have arrived.
func TestDeleteAfterRetry(t *testing.T) {
	gone, unknown := respond(404, plainJSON, noBucket), respond(404, plainJSON, noProject)
	tests := []struct {
		name     string
		handlers []http.HandlerFunc
		done     bool
	}{
		{"503, then gone", []http.HandlerFunc{respond(503, plainJSON, "{}"), gone}, true},
		{"504, then gone", []http.HandlerFunc{respond(504, "text/html", portalPage), gone}, true},
		{"408, then gone", []http.HandlerFunc{respond(408, plainJSON, "{}"), gone}, true},
		{"connection closed, then bucket not found", []http.HandlerFunc{func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, gone}, true},
		{"503, 429, then gone", []http.HandlerFunc{respond(503, plainJSON, "{}"), respond(429, plainJSON, "{}"), gone}, true},
		{"bucket not found at once", []http.HandlerFunc{gone}, false},
		{"429, then gone", []http.HandlerFunc{respond(429, plainJSON, "{}"), gone}, false},
		{"503, then no project", []http.HandlerFunc{respond(503, plainJSON, "{}"), unknown}, false},
		{"503, then a 404 of a proxy", []http.HandlerFunc{respond(503, plainJSON, "{}"), respond(404, "text/html", portalPage)}, false},
		{"503, then a 404 without code", []http.HandlerFunc{respond(503, plainJSON, "{}"), respond(404, plainJSON, `{"error":404}`)}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := clientOf(t, inTurn(test.handlers...), promptly).Delete(t.Context(), project, bucket)
			if test.done && err != nil || !test.done && !errors.Is(err, client.ErrNotFound) {
				t.Errorf("got %v, want done: %t", err, test.done)
			}
		})
	}
	t.Run("no token, then bucket not found", func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.Project(project), fakeatlas.Inject(fakeatlas.Status(503).On(fakeatlas.OpToken).Times(1)))
		c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL, promptly)
		if err := c.Delete(t.Context(), project, bucket); !errors.Is(err, client.ErrBucketNotFound) {
			t.Errorf("got %v, want ErrBucketNotFound", err)
		}
	})
	t.Run("no connection, then bucket not found", func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.Project(project))
		c := keyed(t, srv, promptly, client.WithHTTPClient(&http.Client{Transport: refusing(srv.Client().Transport, 2)}))
		if err := c.Delete(t.Context(), project, bucket); !errors.Is(err, client.ErrBucketNotFound) {
			t.Errorf("got %v, want ErrBucketNotFound", err)
		}
	})
}

// TestOutcomeUnknown checks, for every call that changes something, whether the error
// reports that Atlas may have executed it.
func TestOutcomeUnknown(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		unknown bool
	}{
		{"500", respond(500, plainJSON, "{}"), true},
		{"502", respond(502, "text/html", portalPage), true},
		{"503", respond(503, plainJSON, "{}"), true},
		{"504", respond(504, plainJSON, "{}"), true},
		{"408", respond(408, plainJSON, "{}"), true},
		{"broken off", func(w http.ResponseWriter, _ *http.Request) { breakOff(w, 200) }, true},
		{"closed", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
		{"reset", func(w http.ResponseWriter, _ *http.Request) { reset(w) }, true},
		{"200 of a captive portal", respond(200, "text/html", portalPage), true},
		{"200 that cannot be read", respond(200, v2024, "{"), true},
		{"400", respond(400, plainJSON, "{}"), false},
		{"401", respond(401, plainJSON, "{}"), false},
		{"403", respond(403, plainJSON, "{}"), false},
		{"404", respond(404, plainJSON, noProject), false},
		{"406", respond(406, plainJSON, "{}"), false},
		{"429", respond(429, plainJSON, "{}"), false},
		{"300", respond(300, plainJSON, "{}"), false},
		{"307", respond(307, plainJSON, "{}"), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			forEachOperation(t, func(t *testing.T, op operation) {
				err := op.call(t.Context(), clientOf(t, inTurn(test.handler), once))
				want := test.unknown && op.method != http.MethodGet
				var e *client.Error
				if !errors.As(err, &e) || e.OutcomeUnknown != want || errors.Is(err, client.ErrOutcomeUnknown) != want || strings.Contains(err.Error(), "check with List") != want {
					t.Errorf("got %v, want an unknown outcome: %t", err, want)
				}
			})
		})
	}
	t.Run("no connection", func(t *testing.T) {
		c := newClient(t, client.AccessToken("token"), "https://atlas.test", once, client.WithHTTPClient(&http.Client{Transport: refusing(nil, 9)}))
		if _, err := c.Create(t.Context(), project, onAWS); err == nil || errors.Is(err, client.ErrOutcomeUnknown) {
			t.Errorf("got %v, want an error with a known outcome", err)
		}
	})
}

// TestRequestTimeoutIsRetried checks that 408 is treated like 503: every call except Create
// is retried.
func TestRequestTimeoutIsRetried(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		err := op.call(t.Context(), clientOf(t, inTurn(respond(408, plainJSON, "{}"), atlasHandler), promptly))
		if (err == nil) != (op.name != "Create") {
			t.Errorf("got %v", err)
		}
	})
}
