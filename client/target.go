package client

// CloudProvider names the cloud that an object store is in, as the API spells it.
type CloudProvider string

// The providers that Atlas knows. A client must survive others: see [Unknown].
const (
	ProviderAWS   CloudProvider = "AWS"
	ProviderAzure CloudProvider = "AZURE"
	ProviderGCP   CloudProvider = "GCP"
)

// Target is where Atlas exports snapshots to: one of [AWS], [Azure], [GCP] and
// [Unknown], each by value. [Client.Create] takes a Target and [ExportBucket]
// has one, so that a bucket can be added to another project by passing its Target on.
//
// Create does not send the fields that only responses have: AWS.Region and Azure.TenantID.
//
//sumtype:decl
type Target interface {
	// Provider returns the cloud that the target is in.
	Provider() CloudProvider
	isTarget()
}

// AWS is an Amazon S3 bucket.
type AWS struct {
	// BucketName is the S3 bucket's name, 3 to 63 characters.
	BucketName string
	// IAMRoleID is Atlas's id of the AWS access role that may write to the bucket,
	// 24 hexadecimal digits. It is not the role's ARN.
	IAMRoleID string
	// RequirePrivateNetworking has exports go over AWS PrivateLink.
	RequirePrivateNetworking bool
	// Region is the bucket's AWS region. Only the response to Get has it.
	Region string
}

// Azure is an Azure Blob Storage container.
type Azure struct {
	// BucketName is the container's name, 3 to 63 characters. Create may leave it
	// out when ServiceURL ends in the container.
	BucketName string
	// RoleID is Atlas's id of the Azure access role that may write to the
	// container, 24 hexadecimal digits.
	RoleID string
	// ServiceURL is the storage account's address, with or without the container,
	// 33 to 2048 characters.
	ServiceURL string
	// TenantID is the Azure tenant that exports are made under, a UUID. Atlas
	// sends it and ignores it in requests, so Create doesn't send it.
	TenantID string
}

// GCP is a Google Cloud Storage bucket.
type GCP struct {
	// BucketName is the Cloud Storage bucket's name, 3 to 63 characters.
	BucketName string
	// RoleID is Atlas's id of the Google Cloud access role that may write to the
	// bucket, 24 hexadecimal digits.
	RoleID string
}

// Unknown is a target of a provider that this version of the client doesn't know. Like
// the other targets it can be compared with == and be a map's key.
type Unknown struct {
	// CloudProvider is Atlas's name for the provider; "" if it sent none.
	CloudProvider CloudProvider
	// Raw is the JSON object that Create sends as it is. In a bucket that Atlas sent, it
	// has all fields but those of responses to known providers (_id, links, projectId),
	// which Create would be refused for, with its names sorted.
	Raw string
}

// Provider returns [ProviderAWS].
func (AWS) Provider() CloudProvider { return ProviderAWS }

// Provider returns [ProviderAzure].
func (Azure) Provider() CloudProvider { return ProviderAzure }

// Provider returns [ProviderGCP].
func (GCP) Provider() CloudProvider { return ProviderGCP }

// Provider returns what Atlas calls the provider.
func (u Unknown) Provider() CloudProvider { return u.CloudProvider }

func (AWS) isTarget()     {}
func (Azure) isTarget()   {}
func (GCP) isTarget()     {}
func (Unknown) isTarget() {}
