package client

import (
	"encoding/json"

	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// decodeTarget reads the target of a bucket of a provider, with the generated model.
func decodeTarget(provider CloudProvider, data []byte) (Target, error) {
	switch provider {
	case ProviderAWS:
		var read gen.AWSExportBucket
		err := json.Unmarshal(data, &read)
		return AWS{
			BucketName: read.BucketName, IAMRoleID: read.IAMRoleID,
			RequirePrivateNetworking: valueOf(read.RequirePrivateNetworking), Region: valueOf(read.Region),
		}, err
	case ProviderAzure:
		var read gen.AzureExportBucket
		err := json.Unmarshal(data, &read)
		return Azure{BucketName: read.BucketName, RoleID: read.RoleID, ServiceURL: read.ServiceURL, TenantID: read.TenantID}, err
	case ProviderGCP:
		var read gen.GCPExportBucket
		err := json.Unmarshal(data, &read)
		return GCP{BucketName: read.BucketName, RoleID: read.RoleID}, err
	}
	return unknownTarget(provider, data)
}

// unknownTarget returns a target with all members of an object except those that only
// responses have.
func unknownTarget(provider CloudProvider, data []byte) (Target, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	for _, field := range []int{fieldID, fieldLinks, fieldProjectID} {
		delete(members, bucketFields[field])
	}
	raw, err := json.Marshal(members)
	return Unknown{CloudProvider: provider, Raw: string(raw)}, err
}

// text returns a member of Raw that is a text, "" if it is not.
func (u Unknown) text(name string) string {
	var members map[string]json.RawMessage
	var text string
	if json.Unmarshal([]byte(u.Raw), &members) != nil || json.Unmarshal(members[name], &text) != nil {
		return ""
	}
	return text
}
