package client

import (
	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// The fields of a bucket of any version and provider, as indices into bucketFields. The
// texts come first.
const (
	fieldID = iota
	fieldBucketName
	fieldCloudProvider
	fieldIAMRoleID
	fieldRegion
	fieldRoleID
	fieldServiceURL
	fieldTenantID
	fieldProjectID
	fieldPrivate
	fieldLinks

	textFields = fieldPrivate // number of text fields
)

// bucketFields are the names of the fields in JSON.
var bucketFields = [...]string{
	"_id", "bucketName", "cloudProvider", "iamRoleId", "region", "roleId", "serviceUrl", "tenantId", "projectId",
	"requirePrivateNetworking", "links",
}

// fieldOf returns the field with a name, -1 if there is none.
func fieldOf(name []byte) int {
	for i, known := range bucketFields {
		if known == string(name) {
			return i
		}
	}
	return -1
}

// bucketRecord is a bucket of any version and provider, with the fields of all branches. It
// is the only place that repeats the contract's fields, because the generated union would
// decode each bucket twice more. A test compares it with the contract. An empty text is a
// missing one.
type bucketRecord struct {
	texts   [textFields]string
	private *bool
	links   []Link
}

// target returns the target of the record's provider, nil if the provider is unknown.
func (r *bucketRecord) target() Target {
	name := r.texts[fieldBucketName]
	switch CloudProvider(r.texts[fieldCloudProvider]) {
	case ProviderAWS:
		return AWS{BucketName: name, IAMRoleID: r.texts[fieldIAMRoleID], RequirePrivateNetworking: valueOf(r.private), Region: r.texts[fieldRegion]}
	case ProviderAzure:
		return Azure{BucketName: name, RoleID: r.texts[fieldRoleID], ServiceURL: r.texts[fieldServiceURL], TenantID: r.texts[fieldTenantID]}
	case ProviderGCP:
		return GCP{BucketName: name, RoleID: r.texts[fieldRoleID]}
	}
	return nil
}

// record returns the bucket's known fields.
func (b *ExportBucket) record() *bucketRecord {
	r := &bucketRecord{links: b.Links}
	r.texts[fieldID], r.texts[fieldProjectID] = b.ID, b.ProjectID
	r.texts[fieldBucketName], r.texts[fieldCloudProvider] = b.BucketName(), string(b.CloudProvider())
	switch t := b.Target.(type) {
	case AWS:
		r.texts[fieldIAMRoleID], r.texts[fieldRegion], r.private = t.IAMRoleID, t.Region, nonZero(t.RequirePrivateNetworking)
	case Azure:
		r.texts[fieldRoleID], r.texts[fieldServiceURL], r.texts[fieldTenantID] = t.RoleID, t.ServiceURL, t.TenantID
	case GCP:
		r.texts[fieldRoleID] = t.RoleID
	case Unknown:
	}
	return r
}

// members returns the record as the members of a JSON object.
func (r *bucketRecord) members() map[string]any {
	members := map[string]any{}
	for i, text := range r.texts {
		if text != "" {
			members[bucketFields[i]] = text
		}
	}
	if r.private != nil {
		members[bucketFields[fieldPrivate]] = *r.private
	}
	if r.links != nil {
		links := make([]gen.Link, 0, len(r.links))
		for _, l := range r.links {
			links = append(links, gen.Link{Href: nonZero(l.Href), Rel: nonZero(l.Rel)})
		}
		members[bucketFields[fieldLinks]] = links
	}
	return members
}
