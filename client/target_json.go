package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// ParseTarget reads a target from the JSON of a bucket, as in a create request or an Atlas
// response. It may contain fields that only responses have. The result is checked as by
// [Client.Create]: an error that is not about JSON is an [*ArgumentError]. A field that the
// provider does not have is an error, because it is probably misspelled. An object of an
// unknown provider becomes an [Unknown].
//
//	{"cloudProvider": "AWS", "bucketName": "snapshots", "iamRoleId": "32b6e34b3d91647abb20e7b8"}
func ParseTarget(data []byte) (Target, error) {
	var common struct {
		CloudProvider CloudProvider `json:"cloudProvider"`
	}
	err := decodeOnly(data, &common)
	if err == nil && common.CloudProvider == "" {
		err = errors.New("cloudProvider is missing")
	}
	if err == nil {
		err = checkMembers(common.CloudProvider, data)
	}
	if err != nil {
		return nil, fmt.Errorf("exportbuckets: reading a target: %w", err)
	}
	target, err := decodeTarget(common.CloudProvider, data)
	if err != nil {
		return nil, fmt.Errorf("exportbuckets: reading a target: %w", err)
	}
	var args checks
	args.target(target)
	if err := args.err(); err != nil {
		return nil, err
	}
	return target, nil
}

// decodeOnly decodes one JSON value with nothing after it.
func decodeOnly(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}

// providerFields are the fields of a known provider's bucket, in addition to those of every
// bucket.
var providerFields = map[CloudProvider][]int{
	ProviderAWS:   {fieldIAMRoleID, fieldRegion, fieldPrivate},
	ProviderAzure: {fieldRoleID, fieldServiceURL, fieldTenantID},
	ProviderGCP:   {fieldRoleID},
}

// checkMembers reports a member that the provider's bucket does not have.
func checkMembers(provider CloudProvider, data []byte) error {
	own, known := providerFields[provider]
	if !known {
		return nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	allowed := append([]int{fieldID, fieldBucketName, fieldCloudProvider, fieldProjectID, fieldLinks}, own...)
	for _, field := range allowed {
		delete(members, bucketFields[field])
	}
	if len(members) > 0 {
		return fmt.Errorf("a bucket on %s has no field %s", provider, strings.Join(slices.Sorted(maps.Keys(members)), ", "))
	}
	return nil
}

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
