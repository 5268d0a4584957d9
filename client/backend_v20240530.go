package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// backend20240530 implements 2024-05-30.
type backend20240530 struct {
	api *gen.Client
}

func newBackend20240530(server string, doer *http.Client) (backend, error) {
	api, err := gen.NewClient(server, gen.WithHTTPClient(doer))
	return backend20240530{api}, err
}

func (b backend20240530) list(ctx context.Context, projectID string, o ListOptions) (*http.Response, error) {
	return b.api.ListExportBuckets(ctx, projectID, &gen.ListExportBucketsParams{
		IncludeCount: o.includeCount(), ItemsPerPage: &o.ItemsPerPage, PageNum: &o.PageNum,
	})
}

func (b backend20240530) create(ctx context.Context, projectID string, t Target) (*http.Response, error) {
	body, err := createBody20240530(t)
	if err != nil {
		return nil, err
	}
	return b.api.CreateExportBucketWithBody(ctx, projectID, nil, type20240530, bytes.NewReader(body))
}

// createBody20240530 encodes the generated branch of t's provider. The generated
// union would encode it twice and merge the results.
func createBody20240530(t Target) ([]byte, error) {
	switch t := t.(type) {
	case AWS:
		return json.Marshal(gen.AWSExportBucketRequest{
			CloudProvider: gen.AWSExportBucketRequestCloudProviderAWS, BucketName: t.BucketName, IAMRoleID: t.IAMRoleID,
			RequirePrivateNetworking: nonZero(t.RequirePrivateNetworking),
		})
	case Azure:
		return json.Marshal(gen.AzureExportBucketRequest{
			CloudProvider: gen.AzureExportBucketRequestCloudProviderAZURE, BucketName: nonZero(t.BucketName), RoleID: t.RoleID, ServiceURL: t.ServiceURL,
		})
	case GCP:
		return json.Marshal(gen.GCPExportBucketRequest{
			CloudProvider: gen.GCPExportBucketRequestCloudProviderGCP, BucketName: t.BucketName, RoleID: t.RoleID,
		})
	case Unknown:
		return []byte(t.Raw), nil
	}
	return nil, fmt.Errorf("exportbuckets: target %T cannot be sent", t)
}

func (b backend20240530) get(ctx context.Context, projectID, bucketID string) (*http.Response, error) {
	return b.api.GetExportBucket(ctx, projectID, bucketID, nil)
}

func (b backend20240530) update(ctx context.Context, projectID, bucketID string, u Update) (*http.Response, error) {
	return b.api.UpdateBackupExportBucket(ctx, projectID, bucketID, nil,
		gen.ExportBucketUpdate{RequirePrivateNetworking: *u.RequirePrivateNetworking})
}

func (b backend20240530) delete(ctx context.Context, projectID, bucketID string) (*http.Response, error) {
	return b.api.DeleteExportBucket(ctx, projectID, bucketID, nil)
}
