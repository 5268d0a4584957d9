package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestVersions makes every call that a version has, and checks what each call requests.
func TestVersions(t *testing.T) {
	tests := []struct {
		version client.APIVersion
		prefix  string
		accept  string
		deletes string
		updates bool
	}{
		{client.V20240530, "/api/atlas/v2/", v2024, "application/vnd.atlas.2023-01-01+json", true},
		{client.V20230101, "/api/atlas/v2/", "application/vnd.atlas.2023-01-01+json", "application/vnd.atlas.2023-01-01+json", false},
		{client.V1, "/api/atlas/v1.0/", "application/json", "application/json", false},
	}
	for _, test := range tests {
		t.Run(string(test.version), func(t *testing.T) {
			srv := fakeatlas.New(t, fakeatlas.Buckets(3))
			c := keyed(t, srv, client.WithAPIVersion(test.version))
			b, err := c.Create(t.Context(), srv.ProjectID, onAWS)
			if err != nil {
				t.Fatal(err)
			}
			if b.Target != onAWS || (b.ProjectID != "") != (test.version == client.V1) {
				t.Errorf("Create gave %+v", b)
			}
			got, err := c.Get(t.Context(), srv.ProjectID, b.ID)
			if aws, ok := got.Target.(client.AWS); err != nil || !ok || aws.Region == "" || aws.BucketName != onAWS.BucketName {
				t.Errorf("Get gave %+v, %v", got, err)
			}
			if ids, err := collect(t.Context(), c, srv.ProjectID, &client.ListOptions{ItemsPerPage: 3, OmitCount: true}); err != nil || !slices.Contains(ids, b.ID) || len(ids) != 4 {
				t.Errorf("List gave %v, %v", ids, err)
			}
			if pages := pagesAsked(srv); !slices.Equal(pages, []string{"page 1 size 3 count false", "page 2 size 3 count false"}) {
				t.Errorf("List asked for the pages %q", pages)
			}
			if test.updates {
				if _, err := c.Update(t.Context(), srv.ProjectID, b.ID, client.Update{RequirePrivateNetworking: client.Ptr(false)}); err != nil {
					t.Error(err)
				}
			}
			if err := c.Delete(t.Context(), srv.ProjectID, b.ID); err != nil {
				t.Error(err)
			}
			for _, r := range srv.Requests() {
				accept := test.accept
				if r.Method == http.MethodDelete {
					accept = test.deletes
				}
				if r.Header.Get("Accept") != accept || !strings.HasPrefix(r.Path, test.prefix) {
					t.Errorf("%s %s asked for %s, want %s below %s", r.Method, r.Path, r.Header.Get("Accept"), accept, test.prefix)
				}
				if kind := r.Header.Get("Content-Type"); len(r.Body) > 0 && kind != test.accept {
					t.Errorf("%s %s sent %s, want %s", r.Method, r.Path, kind, test.accept)
				}
			}
		})
	}
}

// pagesAsked returns the parameters of the successful list requests to srv.
func pagesAsked(srv *fakeatlas.Server) []string {
	var pages []string
	for _, r := range srv.Requests() {
		query, err := url.ParseQuery(r.Query)
		if err == nil && r.Operation == fakeatlas.OpList && r.Status == http.StatusOK {
			pages = append(pages, "page "+query.Get("pageNum")+" size "+query.Get("itemsPerPage")+" count "+query.Get("includeCount"))
		}
	}
	return pages
}

// TestVersionLimits checks that an unsupported call fails before any request, and that the
// error names a version that supports it.
func TestVersionLimits(t *testing.T) {
	srv := fakeatlas.New(t)
	unknown := client.Unknown{CloudProvider: "AWS", Raw: `{"cloudProvider":"AWS"}`}
	for _, version := range []client.APIVersion{client.V20230101, client.V1} {
		c := keyed(t, srv, client.WithAPIVersion(version))
		calls := map[string]func() error{
			"AZURE": func() error { _, err := c.Create(t.Context(), srv.ProjectID, onAzure); return err },
			"GCP":   func() error { _, err := c.Create(t.Context(), srv.ProjectID, onGCP); return err },
			"AWS":   func() error { _, err := c.Create(t.Context(), srv.ProjectID, unknown); return err },
			"an update": func() error {
				_, err := c.Update(t.Context(), srv.ProjectID, bucket, client.Update{RequirePrivateNetworking: client.Ptr(true)})
				return err
			},
		}
		for feature, call := range calls {
			err := call()
			var e *client.VersionError
			if !errors.As(err, &e) || !errors.Is(err, client.ErrInvalidVersion) || !errors.Is(err, errors.ErrUnsupported) || e.Need != client.V20240530 || e.Version != version {
				t.Errorf("%s, %s: got %v", version, feature, err)
			}
			for _, word := range []string{feature, string(version), "2024-05-30"} {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q doesn't name %s", err, word)
				}
			}
		}
	}
	if got := len(srv.Requests()); got != 0 {
		t.Errorf("%d requests, want 0", got)
	}
	if _, err := client.New(client.AccessToken("t"), client.WithAPIVersion("2025-01-01")); err == nil || !strings.Contains(err.Error(), "2024-05-30") {
		t.Errorf("got %v, want an error with the known versions", err)
	}
}

// TestMediaType checks that a response of another version than the requested one is
// refused. Case and parameters do not matter.
func TestMediaType(t *testing.T) {
	good := []string{v2024 + ";charset=utf-8", "APPLICATION/vnd.atlas.2024-05-30+JSON", v2024 + ` ; charset="UTF-8"`}
	bad := []string{"application/vnd.atlas.2023-01-01+json", "application/vnd.atlas.2025-01-01+json", "application/json", "text/html", "", "/", ";"}
	for _, mediaType := range append(good, bad...) {
		c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = []string{mediaType}
			body := oneBucket
			if strings.HasSuffix(r.URL.Path, "exportBuckets") && r.Method == http.MethodGet {
				body = pageOf(1, 1, 1)
			}
			_, _ = w.Write([]byte(body))
		})
		forEachOperation(t, func(t *testing.T, op operation) {
			if op.name == "Delete" {
				return // see TestDeleteIsConfirmed
			}
			err := op.call(t.Context(), c)
			if slices.Contains(good, mediaType) {
				if err != nil {
					t.Errorf("%q: %v", mediaType, err)
				}
				return
			}
			var e *client.Error
			var m *client.MediaTypeError
			if !errors.As(err, &e) || e.StatusCode != http.StatusOK || !errors.As(err, &m) || m.Want != v2024 || m.Got != mediaType {
				t.Errorf("%q: got %v, want a MediaTypeError with status 200", mediaType, err)
			}
		})
	}
}

// TestDeprecation checks that the logger and the hook receive each notice once.
func TestDeprecation(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(3))
	var got []client.Deprecation
	logged := &logBuffer{}
	c := keyed(t, srv, client.WithAPIVersion(client.V20230101), client.WithLogger(logged.logger()),
		client.WithDeprecationHook(func(d client.Deprecation) { got = append(got, d) }))
	for range 3 {
		if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != 1 || got[0].Version != client.V20230101 || got[0].Sunset.Format("2006-01-02") != "2027-07-01" || got[0].SunsetHeader == "" {
		t.Errorf("the hook got %+v, want one notice for 2027-07-01", got)
	}
	if n := strings.Count(logged.String(), "announced the end"); n != 1 || !strings.Contains(logged.String(), "1 Jul 2027") {
		t.Errorf("logged %d notices, want one with the date: %s", n, logged)
	}
}

// TestDateSpellings checks that the dates of Deprecation and Sunset are read in every format.
func TestDateSpellings(t *testing.T) {
	tests := []struct{ deprecation, sunset, wantDeprecated, wantSunset string }{
		{"Mon, 30 May 2026 00:00:00 GMT", "Thu, 1 Jul 2027 00:00:00 GMT", "2026-05-30T00:00:00Z", "2027-07-01T00:00:00Z"},
		{"@1780099200", "Thu, 01 Jul 2027 00:00:00 GMT", "2026-05-30T00:00:00Z", "2027-07-01T00:00:00Z"},
		{"true", "2027-07-01", "", "2027-07-01T00:00:00Z"},
		{"", `"2027-07-01T12:00:00+02:00"`, "", "2027-07-01T10:00:00Z"},
		{"2026-05-30 00:00:00", "Thursday, 01-Jul-27 00:00:00 GMT", "2026-05-30T00:00:00Z", "2027-07-01T00:00:00Z"},
		{"Sat, 30 May 2026 00:00:00 +0000", "Thu Jul  1 00:00:00 2027", "2026-05-30T00:00:00Z", "2027-07-01T00:00:00Z"},
		{"@soon", "some day", "", ""},
		{"@1780099200", "", "2026-05-30T00:00:00Z", ""},
	}
	for _, test := range tests {
		var got []client.Deprecation
		c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Deprecation", test.deprecation)
			w.Header().Set("Sunset", test.sunset)
			write(w, http.StatusOK, oneBucket)
		}, client.WithDeprecationHook(func(d client.Deprecation) { got = append(got, d) }))
		if _, err := c.Get(t.Context(), project, bucket); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 {
			t.Fatalf("%d notices, want 1", len(got))
		}
		stamp := func(zero bool, s string) string {
			if zero {
				return ""
			}
			return s
		}
		deprecated := stamp(got[0].Deprecated.IsZero(), got[0].Deprecated.Format("2006-01-02T15:04:05Z07:00"))
		sunset := stamp(got[0].Sunset.IsZero(), got[0].Sunset.Format("2006-01-02T15:04:05Z07:00"))
		if deprecated != test.wantDeprecated || sunset != test.wantSunset {
			t.Errorf("%q and %q read as %q and %q, want %q and %q", test.deprecation, test.sunset, deprecated, sunset, test.wantDeprecated, test.wantSunset)
		}
	}
}

// TestNoDeprecationNotice checks that a response without the headers is not a notice.
func TestNoDeprecationNotice(t *testing.T) {
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, oneBucket) },
		client.WithDeprecationHook(func(d client.Deprecation) { t.Errorf("got the notice %+v", d) }))
	if _, err := c.Get(t.Context(), project, bucket); err != nil {
		t.Fatal(err)
	}
}

// TestNoticesAreBounded checks that a server that sends a new date in every response causes
// only 16 notices.
func TestNoticesAreBounded(t *testing.T) {
	var n counter
	got := 0
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Sunset", strings.Repeat("x", n.next()))
		write(w, http.StatusOK, oneBucket)
	}, client.WithDeprecationHook(func(client.Deprecation) { got++ }))
	for range 100 {
		if _, err := c.Get(t.Context(), project, bucket); err != nil {
			t.Fatal(err)
		}
	}
	if got != 16 {
		t.Errorf("%d notices, want 16", got)
	}
}

// TestNotAcceptable checks the error for Atlas's own refusal of a version.
func TestNotAcceptable(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		raw(w, http.StatusNotAcceptable, "application/json", `{"error":406,"errorCode":"INVALID_VERSION_DATE","detail":"Invalid accept header or version date."}`)
	}))
	defer srv.Close()
	_, err := newClient(t, client.AccessToken("t"), srv.URL).Get(t.Context(), project, bucket)
	if !errors.Is(err, client.ErrInvalidVersion) {
		t.Errorf("got %v, want ErrInvalidVersion", err)
	}
}
