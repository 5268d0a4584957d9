package client_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestEnsure checks that Ensure creates a bucket once, and then finds the bucket that has
// the target.
func TestEnsure(t *testing.T) {
	plain := client.AWS{BucketName: "snapshots", IAMRoleID: role}
	other := client.AWS{BucketName: "other", IAMRoleID: role, RequirePrivateNetworking: true}
	withoutName := client.Azure{RoleID: role, ServiceURL: onAzure.ServiceURL}
	tests := []struct {
		name    string
		there   client.Target
		ensured client.Target
		created bool
	}{
		{"AWS", onAWS, onAWS, false},
		{"AWS as Get returns it", onAWS, client.AWS{BucketName: "snapshots", IAMRoleID: role, RequirePrivateNetworking: true, Region: "eu-west-1"}, false},
		{"AWS without private networking", onAWS, plain, true},
		{"another bucket on AWS", onAWS, other, true},
		{"Azure", onAzure, onAzure, false},
		{"Azure without its name", onAzure, withoutName, false},
		{"Azure with the name in the URL only once", onAzure, client.Azure{BucketName: "snapshots", RoleID: role, ServiceURL: "https://someaccount.blob.core.windows.net/"}, false},
		{"another account on Azure", onAzure, client.Azure{BucketName: "snapshots", RoleID: role, ServiceURL: "https://otheraccount.blob.core.windows.net/snapshots"}, true},
		{"GCP", onGCP, onGCP, false},
		{"another provider", onAWS, onGCP, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			srv := fakeatlas.New(t)
			c := keyed(t, srv)
			first, err := c.Create(t.Context(), srv.ProjectID, test.there)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Create(t.Context(), srv.ProjectID, test.there); err != nil { // Atlas allows duplicates
				t.Fatal(err)
			}
			for i := range 2 {
				b, created, err := c.Ensure(t.Context(), srv.ProjectID, test.ensured)
				if err != nil || created != (test.created && i == 0) || !test.created && b.ID != first.ID {
					t.Errorf("got %+v, created: %t, %v", b, created, err)
				}
			}
		})
	}
}

// TestEnsureLooksAgain checks that Ensure finds the bucket of a Create whose response was
// lost.
func TestEnsureLooksAgain(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Inject(fakeatlas.LostResponse().On(fakeatlas.OpCreate)))
	b, created, err := keyed(t, srv, promptly).Ensure(t.Context(), srv.ProjectID, onAWS)
	if err != nil || !created || b.BucketName() != onAWS.BucketName || len(srv.Buckets(srv.ProjectID)) != 1 {
		t.Errorf("got %+v, created: %t, %v, with %d buckets, want the bucket that was created", b, created, err, len(srv.Buckets(srv.ProjectID)))
	}
}

// TestEnsureUnknown checks that for an unknown provider, Ensure compares the fields that
// Create would send with those of the existing buckets.
func TestEnsureUnknown(t *testing.T) {
	const page = `{"results":[{"_id":"` + bucket + `","cloudProvider":"OCI","bucketName":"b","roles":["r"]}],"totalCount":1}`
	for raw, created := range map[string]bool{
		`{"cloudProvider":"OCI","roles":["r"]}`:     false,
		`{"cloudProvider":"OCI","roles":["other"]}`: true,
		`{"cloudProvider":"OCI","region":"x"}`:      true,
	} {
		c := clientOf(t, inTurn(respond(200, v2024, page), respond(200, v2024, oneBucket)))
		if _, got, err := c.Ensure(t.Context(), project, client.Unknown{CloudProvider: "OCI", Raw: raw}); err != nil || got != created {
			t.Errorf("%s: created: %t, %v, want %t", raw, got, err, created)
		}
	}
}

// TestEnsureFails checks that Ensure returns the error of the call that failed.
func TestEnsureFails(t *testing.T) {
	if _, _, err := newClient(t, client.AccessToken("token"), client.DefaultBaseURL).Ensure(t.Context(), project, client.AWS{}); !errors.Is(err, client.ErrInvalidArgument) {
		t.Errorf("got %v, want the argument's error and no request", err)
	}
	for _, test := range []struct {
		name string
		h    http.HandlerFunc
		want error
	}{
		{"the list", respond(403, plainJSON, "{}"), client.ErrForbidden},
		{"the creation", inTurn(respond(200, v2024, pageOf(0, 1, 0)), respond(400, plainJSON, "{}")), client.ErrBadRequest},
		{"the creation, and nothing is found", inTurn(respond(200, v2024, pageOf(0, 1, 0)), respond(500, plainJSON, "{}"), respond(200, v2024, pageOf(0, 1, 0))), client.ErrOutcomeUnknown},
	} {
		b, created, err := clientOf(t, test.h, once).Ensure(t.Context(), project, onAWS)
		if !errors.Is(err, test.want) || created || b != nil {
			t.Errorf("%s fails: got %+v, created: %t, %v, want %v", test.name, b, created, err, test.want)
		}
	}
}

// TestCreatedAt checks that CreatedAt returns the time in an id.
func TestCreatedAt(t *testing.T) {
	for id, want := range map[string]time.Time{
		bucket:                     time.Date(2026, 8, 10, 3, 3, 17, 0, time.UTC),
		"000000000000000000000000": time.Unix(0, 0).UTC(),
		"ffffffff0000000000000000": time.Date(2106, 2, 7, 6, 28, 15, 0, time.UTC),
		"":                         {},
		"6a793f75":                 {},
		"6A793F752C88FAEBA59BBA56": {},
	} {
		b := client.ExportBucket{ID: id}
		if got := b.CreatedAt(); !got.Equal(want) {
			t.Errorf("%q: got %s, want %s", id, got, want)
		}
	}
}
