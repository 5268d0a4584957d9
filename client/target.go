package client

// CloudProvider is the name of the cloud provider of an object store, as the API spells it.
type CloudProvider string

// The providers that Atlas supports. For any other provider see [Unknown].
const (
	ProviderAWS   CloudProvider = "AWS"
	ProviderAzure CloudProvider = "AZURE"
	ProviderGCP   CloudProvider = "GCP"
)

// Target is the place to which Atlas exports snapshots: an [AWS], [Azure], [GCP] or
// [Unknown] value. [Client.Create] takes a Target and [ExportBucket] has one, so that a
// bucket's Target can be passed to Create to add the same bucket to another project.
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
	// RequirePrivateNetworking makes exports use AWS PrivateLink.
	RequirePrivateNetworking bool
	// Region is the bucket's AWS region. Only the response to Get has it.
	Region string
}

// Azure is an Azure Blob Storage container.
type Azure struct {
	// BucketName is the container's name, 3 to 63 characters. It may be empty in a call
	// of Create if ServiceURL ends with the container.
	BucketName string
	// RoleID is Atlas's id of the Azure access role that may write to the
	// container, 24 hexadecimal digits.
	RoleID string
	// ServiceURL is the storage account's address, with or without the container,
	// 33 to 2048 characters.
	ServiceURL string
	// TenantID is the Azure tenant of the container, a UUID. Atlas sends it in responses
	// and ignores it in requests, so Create does not send it.
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

// Unknown is a target of a provider that this version of the client does not know. Like
// the other targets it can be compared with == and used as a map key.
type Unknown struct {
	// CloudProvider is Atlas's name for the provider; "" if it sent none.
	CloudProvider CloudProvider
	// Raw is the JSON object that Create sends unchanged. In a bucket from Atlas, it has
	// all fields in sorted order, except _id, links and projectId, which occur only in
	// responses and which Atlas would refuse in a Create.
	Raw string
}

// Provider returns [ProviderAWS].
func (AWS) Provider() CloudProvider { return ProviderAWS }

// Provider returns [ProviderAzure].
func (Azure) Provider() CloudProvider { return ProviderAzure }

// Provider returns [ProviderGCP].
func (GCP) Provider() CloudProvider { return ProviderGCP }

// Provider returns Atlas's name for the provider.
func (u Unknown) Provider() CloudProvider { return u.CloudProvider }

func (AWS) isTarget()     {}
func (Azure) isTarget()   {}
func (GCP) isTarget()     {}
func (Unknown) isTarget() {}
