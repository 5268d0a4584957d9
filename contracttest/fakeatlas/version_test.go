package fakeatlas_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

func TestNegotiation(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	c := newCaller(t, srv)
	id := srv.Buckets(srv.ProjectID)[0].ID
	const vnd = "application/vnd.atlas."
	for _, tt := range []struct{ method, path, accept, want string }{
		{"GET", "", vnd + "2024-05-30+json", v2024 + ";charset=utf-8"},
		{"GET", "", vnd + "2024-05-29+json", v2023 + ";charset=utf-8"},
		{"GET", "", vnd + "2025-03-12+json", v2024 + ";charset=utf-8"}, // snaps down
		{"GET", "", vnd + "9999-12-31+json", v2024 + ";charset=utf-8"},
		{"GET", "", vnd + "2023-01-01+json; charset=utf-8", v2023 + ";charset=utf-8"},
		{"GET", "", "APPLICATION/VND.ATLAS.2024-05-30+JSON", v2024 + ";charset=utf-8"},
		{"GET", "", "text/html, " + vnd + "2024-05-30+json;q=0.9", v2024 + ";charset=utf-8"},
		{"GET", "", vnd + "2022-12-31+json", ""}, // older than all versions
		{"GET", "", vnd + "2024-13-01+json", ""},
		{"GET", "", vnd + "2024-05-30+csv", ""},
		{"GET", "", vnd + "preview+json", ""},
		{"GET", "", "application/json", ""},
		{"GET", "", "*/*", ""},
		{"PATCH", id, vnd + "2024-05-29+json", ""}, // update is new in 2024-05-30
		{"DELETE", id, vnd + "2025-03-12+json", v2023 + ";charset=utf-8"},
	} {
		got := c.ask(tt.method, tt.path, "", "Accept: "+tt.accept)
		want, code := tt.want, 0
		if want == "" {
			want, code = "application/json", http.StatusNotAcceptable
		}
		if got.header.Get("Content-Type") != want || code != 0 && got.status != code {
			t.Errorf("%s %q: %d %q, want %q", tt.method, tt.accept, got.status, got.header.Get("Content-Type"), want)
		}
	}
	got := c.ask("GET", "", "", "Accept: application/json")
	want := `{"detail":"Invalid accept header or version date.","error":406,"errorCode":"INVALID_VERSION_DATE","parameters":[],"reason":"Not Acceptable"}`
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Atlas does not pad the day, so net/http does not parse its dates.
func TestDeprecation(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(2))
	c := newCaller(t, srv)
	id := srv.Buckets(srv.ProjectID)[0].ID
	for _, tt := range []struct {
		method, path, body, accept string
		ends                       bool
	}{
		{"GET", "", "", v2023, true}, {"GET", id, "", v2023, true}, {"POST", "", awsBody, v2023, true},
		{"GET", "", "", v2024, false}, {"DELETE", id, "", v2023, false},
	} {
		got := c.ask(tt.method, tt.path, tt.body, "Accept: "+tt.accept)
		deprecation, sunset := "", ""
		if tt.ends {
			deprecation, sunset = "Thu, 30 May 2024 00:00:00 GMT", "Thu, 1 Jul 2027 00:00:00 GMT"
		}
		if got.header.Get("Deprecation") != deprecation || got.header.Get("Sunset") != sunset {
			t.Errorf("%s %s %s: Deprecation %q, Sunset %q", tt.method, tt.path, tt.accept, got.header.Get("Deprecation"), got.header.Get("Sunset"))
		}
	}
	if _, err := http.ParseTime("Thu, 1 Jul 2027 00:00:00 GMT"); err == nil {
		t.Error("net/http parses the date: the unpadded form is no longer tested")
	}
}

// v1.0 and 2023-01-01 do not show Azure and Google Cloud: not in lists, not in counts, not
// by id. Delete shows no bucket, and works for all of them.
func TestOldVersionsShowOnlyAWS(t *testing.T) {
	for _, version := range []struct{ path, accept string }{
		{"/api/atlas/v1.0/groups/" + fakeatlas.DefaultProjectID + "/backup/exportBuckets", "application/json"},
		{"/api/atlas/v2/groups/" + fakeatlas.DefaultProjectID + "/backup/exportBuckets", v2023},
	} {
		srv := fakeatlas.New(t, fakeatlas.Buckets(6, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
		c := newCaller(t, srv)
		accept := "Accept: " + version.accept
		l := c.ask("GET", version.path, "", accept).list(t)
		if len(l.Results) != 2 || l.TotalCount != 2 {
			t.Errorf("%s: %d of %d", version.path, len(l.Results), l.TotalCount)
		}
		for _, b := range srv.Buckets(srv.ProjectID)[:3] {
			want := 200
			if b.Provider != fakeatlas.AWS {
				want = 404
			}
			if got := c.ask("GET", version.path+"/"+b.ID, "", accept); got.status != want {
				t.Errorf("%s: get of %s: %d, want %d", version.path, b.Provider, got.status, want)
			}
			if got := c.ask("DELETE", version.path+"/"+b.ID, "", accept); got.status != 204 {
				t.Errorf("%s: delete of %s: %d", version.path, b.Provider, got.status)
			}
		}
		if got := c.ask("POST", version.path, gcpBody, accept); got.status != 400 || got.header.Get("X-Error-Code") != "INVALID_ENUM_VALUE" {
			t.Errorf("%s: create on Google Cloud: %d %s", version.path, got.status, got.body)
		}
	}
}

// v1.0 responds with plain JSON, and its response to create contains the project.
func TestLegacy(t *testing.T) {
	c := newCaller(t, fakeatlas.New(t))
	path := "/api/atlas/v1.0/groups/" + c.srv.ProjectID + "/backup/exportBuckets"
	got := c.ask("POST", path, awsBody, "Content-Type: application/json", "Accept: application/json")
	if got.status != 200 || got.header.Get("Content-Type") != "application/json" || !strings.Contains(got.body, `"projectId":"`+c.srv.ProjectID+`"`) {
		t.Errorf("%d %s %s", got.status, got.header.Get("Content-Type"), got.body)
	}
	got = c.ask("GET", path+"/6657c1810000000001000001", "", "Accept: application/json")
	if got.status != 200 || strings.Contains(got.body, "projectId") {
		t.Errorf("get: %d %s", got.status, got.body)
	}
}
