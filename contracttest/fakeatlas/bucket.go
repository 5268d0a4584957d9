package fakeatlas

import (
	"crypto/sha256"
	"fmt"
	"regexp"
)

// Provider is a cloud provider, spelled as in the cloudProvider field.
type Provider string

// The cloud providers that Atlas exports snapshots to.
const (
	AWS   Provider = "AWS"
	Azure Provider = "AZURE"
	GCP   Provider = "GCP"
)

// Bucket is one export bucket in the fake's state. An empty field gets a
// plausible value that is the same on every run.
type Bucket struct {
	ID         string   // 24 hex digits
	Provider   Provider // default AWS
	BucketName string

	IAMRoleID                string // AWS
	Region                   string // AWS; shown only by get and update
	RequirePrivateNetworking bool   // AWS

	RoleID     string // Azure and Google Cloud
	ServiceURL string // Azure
	TenantID   string // Azure; Atlas takes it from the role

	// InUse means that a cluster exports to the bucket automatically, so that Atlas
	// refuses to delete it.
	InUse bool
}

// The default values of generated buckets.
const (
	defaultBucketName = "test-bucket"
	defaultRoleID     = "c0fa4ea71a50000000000001"
	defaultRegion     = "us-east-1"
	defaultServiceURL = "https://fakeatlas.blob.core.windows.net/" + defaultBucketName
)

// hexID is the pattern of every id in this API.
var hexID = regexp.MustCompile(`^[a-f0-9]{24}$`)

// check returns an error for an invalid id of the bucket. An empty id is valid: it gets a
// default.
func (b Bucket) check() error {
	for _, id := range []struct{ field, value string }{{"bucket", b.ID}, {"bucket's IAMRoleID", b.IAMRoleID}, {"bucket's RoleID", b.RoleID}} {
		if id.value != "" && !hexID.MatchString(id.value) {
			return fmt.Errorf("%s(%q): an id has 24 digits from 0-9 and a-f", id.field, id.value)
		}
	}
	return nil
}

// withDefaults fills in the empty fields.
func (b Bucket) withDefaults() Bucket {
	fill := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	if b.Provider == "" {
		b.Provider = AWS
	}
	fill(&b.BucketName, defaultBucketName)
	switch b.Provider {
	case AWS:
		fill(&b.IAMRoleID, defaultRoleID)
		fill(&b.Region, defaultRegion)
	case Azure:
		fill(&b.RoleID, defaultRoleID)
		fill(&b.ServiceURL, defaultServiceURL)
		fill(&b.TenantID, tenantOf(b.RoleID))
	default: // Google Cloud, and providers that tests made up
		fill(&b.RoleID, defaultRoleID)
	}
	return b
}

// tenantOf returns the tenant of an Azure role, which Atlas looks up: a UUID
// that is always the same for the same role.
func tenantOf(roleID string) string {
	sum := sha256.Sum256([]byte(roleID))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80 // version and variant, RFC 9562, 4
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// bucketBody is a bucket in a response. The order of its fields is that of
// contracttest/testdata/seen/get.http; the positions of the fields of Azure and Google Cloud
// are inferred.
type bucketBody struct {
	ID                       string   `json:"_id"`
	BucketName               string   `json:"bucketName"`
	CloudProvider            Provider `json:"cloudProvider"`
	IAMRoleID                string   `json:"iamRoleId,omitempty"`
	ProjectID                string   `json:"projectId,omitempty"` // v1.0 only
	Region                   string   `json:"region,omitempty"`
	RequirePrivateNetworking *bool    `json:"requirePrivateNetworking,omitempty"`
	RoleID                   string   `json:"roleId,omitempty"`
	ServiceURL               string   `json:"serviceUrl,omitempty"`
	TenantID                 string   `json:"tenantId,omitempty"`
}

// body returns the bucket as a response body. Atlas includes the region only in some
// responses.
func (b *Bucket) body(withRegion bool) bucketBody {
	out := bucketBody{ID: b.ID, BucketName: b.BucketName, CloudProvider: b.Provider}
	if b.Provider != AWS {
		out.RoleID, out.ServiceURL, out.TenantID = b.RoleID, b.ServiceURL, b.TenantID
		return out
	}
	private := b.RequirePrivateNetworking
	out.IAMRoleID, out.RequirePrivateNetworking = b.IAMRoleID, &private
	if withRegion {
		out.Region = b.Region
	}
	return out
}
