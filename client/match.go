package client

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
)

// HasTarget reports whether b has every field that [Client.Create] sends for want. It
// ignores what Atlas fills in: AWS.Region, Azure.TenantID, an Azure.BucketName that is
// empty in want, and whether Azure.ServiceURL ends with the container. The scheme and host of
// Azure.ServiceURL are compared without regard to case. An [Unknown] may also describe a bucket
// of a known provider, with fields that the client does not know.
func (b *ExportBucket) HasTarget(want Target) bool {
	if sent, ok := want.(Unknown); ok {
		return b.contains(sent)
	}
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
	}
	return false
}

// contains reports whether b's JSON has every member of want's object.
func (b *ExportBucket) contains(want Unknown) bool {
	object, err := json.Marshal(b)
	if err != nil {
		return false
	}
	var have, sent map[string]any
	if json.Unmarshal(object, &have) != nil || json.Unmarshal([]byte(want.Raw), &sent) != nil || len(sent) == 0 {
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
	address := strings.TrimSuffix(a.ServiceURL, "/")
	if u, err := url.Parse(address); err == nil {
		u.Host = strings.ToLower(u.Host) // url.Parse changes only the scheme
		address = u.String()
	}
	if a.BucketName == "" || strings.HasSuffix(address, "/"+a.BucketName) {
		return address
	}
	return address + "/" + a.BucketName
}
