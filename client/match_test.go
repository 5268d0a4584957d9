package client_test

import (
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// azureAt returns a target on Azure.
func azureAt(name, serviceURL string) client.Azure {
	return client.Azure{BucketName: name, RoleID: role, ServiceURL: serviceURL}
}

// TestHasTarget compares targets that differ in spelling only, and targets that differ.
func TestHasTarget(t *testing.T) {
	const container = "https://someaccount.blob.core.windows.net/snapshots"
	onOCI := client.Unknown{CloudProvider: "OCI", Raw: `{"cloudProvider":"OCI","size":1}`}
	tests := []struct {
		name       string
		have, want client.Target
		same       bool
	}{
		{"the host in upper case", azureAt("snapshots", container), azureAt("", "https://SomeAccount.blob.core.windows.net/snapshots"), true},
		{"the scheme in upper case, with a slash at the end", azureAt("snapshots", container), azureAt("", "HTTPS://someaccount.blob.core.windows.net/snapshots/"), true},
		{"the host of the bucket in upper case", azureAt("snapshots", "https://SOMEACCOUNT.blob.core.windows.net"), azureAt("", container), true},
		{"the container in upper case", azureAt("snapshots", container), azureAt("", "https://someaccount.blob.core.windows.net/Snapshots"), false},
		{"no container", azureAt("snapshots", container), azureAt("", "https://someaccount.blob.core.windows.net"), false},
		{"another scheme", azureAt("snapshots", container), azureAt("", "http://someaccount.blob.core.windows.net/snapshots"), false},
		{"not a URL", azureAt("snapshots", "%"), azureAt("snapshots", "%"), true},
		{"null", onOCI, client.Unknown{Raw: `null`}, false},
		{"an empty object", onOCI, client.Unknown{Raw: `{}`}, false},
		{"no JSON", onOCI, client.Unknown{Raw: `{`}, false},
		{"the provider only in the JSON", onOCI, client.Unknown{Raw: `{"cloudProvider":"OCI"}`}, true},
		{"the JSON of another provider", onOCI, client.Unknown{Raw: `{"cloudProvider":"AWS","size":1}`}, false},
		{"the JSON of a known provider", onGCP, client.Unknown{CloudProvider: "GCP", Raw: `{"cloudProvider":"GCP","bucketName":"snapshots","roleId":"` + role + `"}`}, true},
		{"a field that a known provider's bucket does not have", onGCP, client.Unknown{CloudProvider: "GCP", Raw: `{"cloudProvider":"GCP","bucketName":"snapshots","roleId":"` + role + `","encryption":"on"}`}, false},
		{"a pair of nothing", nil, nil, false},
	}
	for _, test := range tests {
		b := client.ExportBucket{Target: test.have}
		if got := b.HasTarget(test.want); got != test.same {
			t.Errorf("%s: %+v has %+v: %t, want %t", test.name, test.have, test.want, got, test.same)
		}
	}
}

// TestHasTargetOfResponse checks that a wanted field that the client does not know is
// compared with the response's.
func TestHasTargetOfResponse(t *testing.T) {
	var b client.ExportBucket
	if err := b.UnmarshalJSON([]byte(`{"_id":"` + bucket + `","cloudProvider":"GCP","bucketName":"snapshots","roleId":"` + role + `","encryption":"on"}`)); err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]bool{
		`{"cloudProvider":"GCP","encryption":"on"}`:  true,
		`{"cloudProvider":"GCP","encryption":"off"}`: false,
	} {
		if got := b.HasTarget(client.Unknown{CloudProvider: "GCP", Raw: raw}); got != want {
			t.Errorf("%s: %t, want %t", raw, got, want)
		}
	}
}
