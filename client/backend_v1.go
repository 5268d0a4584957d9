package client

import (
	"context"
	"net/http"

	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v1"
)

// backendV1 implements v1.0.
type backendV1 struct {
	api *gen.Client
}

func newBackendV1(server string, doer *http.Client) (backend, error) {
	api, err := gen.NewClient(server, gen.WithHTTPClient(doer))
	return backendV1{api}, err
}

func (b backendV1) list(ctx context.Context, projectID string, o ListOptions) (*http.Response, error) {
	return b.api.ListExportBuckets(ctx, projectID, &gen.ListExportBucketsParams{
		IncludeCount: o.includeCount(), ItemsPerPage: &o.ItemsPerPage, PageNum: &o.PageNum,
	})
}

func (b backendV1) create(ctx context.Context, projectID string, t Target) (*http.Response, error) {
	aws, ok := t.(AWS)
	if !ok {
		return nil, V1.canCreate(t)
	}
	return b.api.CreateExportBucket(ctx, projectID, nil, gen.AWSExportBucketRequest{
		CloudProvider: gen.AWSExportBucketRequestCloudProviderAWS, BucketName: aws.BucketName, IAMRoleID: aws.IAMRoleID,
		RequirePrivateNetworking: nonZero(aws.RequirePrivateNetworking),
	})
}

func (b backendV1) get(ctx context.Context, projectID, bucketID string) (*http.Response, error) {
	return b.api.GetExportBucket(ctx, projectID, bucketID, nil)
}

func (b backendV1) update(context.Context, string, string, Update) (*http.Response, error) {
	return nil, V1.canUpdate()
}

func (b backendV1) delete(ctx context.Context, projectID, bucketID string) (*http.Response, error) {
	return b.api.DeleteExportBucket(ctx, projectID, bucketID, nil)
}
