package client

import (
	"encoding/json"
	"reflect"
	"strings"
)

// HasTarget reports whether b has every field that [Client.Create] sends for want. It
// ignores what Atlas fills in: AWS.Region, Azure.TenantID, an Azure.BucketName that is
// empty in want, and whether Azure.ServiceURL ends with the container.
func (b *ExportBucket) HasTarget(want Target) bool {
	switch have := b.Target.(type) {
	case AWS:
		want, ok := want.(AWS)
		have.Region, want.Region = "", ""
		return ok && have == want
	case Azure:
		want, ok := want.(Azure)
		return ok && have.hasSent(want)
	case GCP:
		return want == Target(have)
	case Unknown:
		want, ok := want.(Unknown)
		return ok && have.contains(want)
	}
	return false
}

// contains reports whether u has every member of want's object.
func (u Unknown) contains(want Unknown) bool {
	var have, sent map[string]any
	if json.Unmarshal([]byte(u.Raw), &have) != nil || json.Unmarshal([]byte(want.Raw), &sent) != nil {
		return false
	}
	for name, value := range sent {
		if !reflect.DeepEqual(have[name], value) {
			return false
		}
	}
	return true
}

// hasSent reports whether a, as Atlas returned it, is the container that want describes.
// Atlas ignores the tenant, and derives a missing name from the URL.
func (a Azure) hasSent(want Azure) bool {
	sameName := want.BucketName == "" || want.BucketName == a.BucketName
	return sameName && want.RoleID == a.RoleID && a.address() == want.address()
}

// address returns the URL of the container. Atlas accepts ServiceURL with or without the
// container, and may return it in the other form.
func (a Azure) address() string {
	url := strings.TrimSuffix(a.ServiceURL, "/")
	if a.BucketName == "" || strings.HasSuffix(url, "/"+a.BucketName) {
		return url
	}
	return url + "/" + a.BucketName
}
