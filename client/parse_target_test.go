package client_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestParseTarget parses targets as a person writes them and as Atlas sends them, and
// checks that invalid ones are refused.
func TestParseTarget(t *testing.T) {
	tests := []struct {
		name, text string
		want       client.Target
		err        string
	}{
		{"AWS", `{"cloudProvider":"AWS","bucketName":"snapshots","iamRoleId":"` + role + `","requirePrivateNetworking":true}`, onAWS, ""},
		{"a response", oneBucket, client.AWS{BucketName: "snapshots", IAMRoleID: role, RequirePrivateNetworking: true, Region: "us-east-1"}, ""},
		{"Azure without its name", `{"cloudProvider":"AZURE","roleId":"` + role + `","serviceUrl":"` + onAzure.ServiceURL + `"}`, client.Azure{RoleID: role, ServiceURL: onAzure.ServiceURL}, ""},
		{"GCP", ` {"cloudProvider":"GCP","bucketName":"snapshots","roleId":"` + role + `"} `, onGCP, ""},
		{"a provider of the future", `{"cloudProvider":"OCI","namespace":"n","_id":"` + bucket + `"}`, client.Unknown{CloudProvider: "OCI", Raw: `{"cloudProvider":"OCI","namespace":"n"}`}, ""},
		{"a misspelled field", `{"cloudProvider":"AWS","bucketName":"snapshots","iamRoleID":"` + role + `"}`, nil, "a bucket on AWS has no field iamRoleID; its fields are _id, bucketName, cloudProvider, projectId, links, iamRoleId, region, requirePrivateNetworking"},
		{"a field of another provider", `{"cloudProvider":"GCP","bucketName":"snapshots","roleId":"` + role + `","iamRoleId":"` + role + `","region":"x"}`, nil, "a bucket on GCP has no field iamRoleId, region"},
		{"too short", `{"cloudProvider":"GCP","bucketName":"b","roleId":"` + role + `"}`, nil, `GCP.BucketName is "b", 1 characters long`},
		{"an ARN", `{"cloudProvider":"AWS","bucketName":"snapshots","iamRoleId":"arn:aws:iam::1:role/r"}`, nil, "AWS.IAMRoleID"},
		{"no name", `{"cloudProvider":"GCP","roleId":"` + role + `"}`, nil, "GCP.BucketName is empty: it must have 3 to 63 characters"},
		{"no provider", `{"bucketName":"snapshots"}`, nil, "cloudProvider is missing"},
		{"a misspelled name of the provider's field", `{"cloudprovider":"OCI"}`, nil, "cloudProvider is missing"},
		{"another type of the provider", `{"cloudProvider":7}`, nil, "cloudProvider must be a string"},
		{"lower case", `{"cloudProvider":"gcp","bucketName":"snapshots","roleId":"` + role + `"}`, nil, `cloudProvider is "gcp": it must be "GCP"`},
		{"mixed case", `{"cloudProvider":"Azure"}`, nil, `cloudProvider is "Azure": it must be "AZURE"`},
		{"a field twice", `{"cloudProvider":"GCP","bucketName":"snapshots","bucketName":"other","roleId":"` + role + `"}`, nil, "the field bucketName occurs more than once"},
		{"the provider twice", `{"cloudProvider":"AWS","cloudProvider":"OCI"}`, nil, "the field cloudProvider occurs more than once"},
		{"no object", `[]`, nil, "the target must be an object; got array"},
		{"null", `null`, nil, "the target must be an object; got null"},
		{"no text", `{"cloudProvider":"GCP","bucketName":7}`, nil, "bucketName must be a string; got number"},
		{"no boolean", `{"cloudProvider":"AWS","requirePrivateNetworking":"yes"}`, nil, "requirePrivateNetworking must be true or false; got string"},
		{"no list", `{"cloudProvider":"AWS","links":"yes"}`, nil, "links must be an array; got string"},
		{"no text in a list", `{"cloudProvider":"AWS","links":[{"rel":[]}]}`, nil, "links.rel must be a string; got array"},
		{"two values", `{"cloudProvider":"GCP"} {}`, nil, "invalid character '{' after top-level value"},
		{"cut off", `{"cloudProvider":"GCP"`, nil, "unexpected end of JSON input"},
		{"nothing", ``, nil, "unexpected end of JSON input"},
		{"a byte order mark", "\ufeff{}", nil, "the text begins with a byte order mark"},
		{"Latin-1", `{"cloudProvider":"GCP","bucketName":"sn` + "\xe4" + `p"}`, nil, "the text is not UTF-8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := client.ParseTarget([]byte(test.text))
			if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("got %+v, %v, want %+v, %q", got, err, test.want, test.err)
			}
			value := strings.HasPrefix(test.err, "AWS.") || strings.HasPrefix(test.err, "GCP.")
			if errors.Is(err, client.ErrInvalidArgument) != value {
				t.Errorf("got %v, want an *ArgumentError: %t", err, value)
			}
		})
	}
}

// TestParsedTargetsAreLive creates each bucket from JSON, and compares the target with the
// bucket that Create, Get and List return. Fields that Atlas fills in must not count.
func TestParsedTargetsAreLive(t *testing.T) {
	srv := fakeatlas.New(t)
	c := keyed(t, srv)
	texts := []string{
		`{"cloudProvider":"AWS","bucketName":"snapshots","iamRoleId":"` + role + `"}`,
		`{"cloudProvider":"AZURE","roleId":"` + role + `","serviceUrl":"https://someaccount.blob.core.windows.net/snapshots"}`,
		`{"cloudProvider":"GCP","bucketName":"snapshots","roleId":"` + role + `"}`,
	}
	for i, text := range texts {
		want, err := client.ParseTarget([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		created, err := c.Create(t.Context(), srv.ProjectID, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Get(t.Context(), srv.ProjectID, created.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !created.HasTarget(want) || !got.HasTarget(want) {
			t.Errorf("%s does not match %+v and %+v", text, created, got)
		}
		other, err := client.ParseTarget([]byte(texts[(i+1)%len(texts)]))
		if err != nil || got.HasTarget(other) || got.HasTarget(nil) {
			t.Errorf("%+v matches another target, or %v", got, err)
		}
		again, err := client.ParseTarget([]byte(got.Raw))
		if err != nil || !got.HasTarget(again) {
			t.Errorf("%s, written from %+v, cannot be parsed: %v", got.Raw, again, err)
		}
	}
}

// FuzzParseTarget checks that the result is a target that can be created, or an error.
func FuzzParseTarget(f *testing.F) {
	for _, seed := range []string{oneBucket, `{"cloudProvider":"OCI"}`, `{"cloudProvider":"GCP","bucketName":"snapshots","roleId":"` + role + `"}`, `{}`, `null`, `[]`, ``,
		`{"cloudProvider":"AWS","cloudProvider":"OCI"}`, `{"cloudProvider":"aws"}`, "\ufeff{}", `{"cloudProvider":"OCI","a":"` + "\xe4" + `"}`,
		`{"cloudProvider":"AWS","links":[{"rel":[]}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		target, err := client.ParseTarget(data)
		if (target == nil) == (err == nil) {
			t.Errorf("got %+v and %v", target, err)
		}
		if err == nil && !(&client.ExportBucket{Target: target}).HasTarget(target) {
			t.Errorf("%+v does not have itself as its target", target)
		}
	})
}
