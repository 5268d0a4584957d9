package client

import (
	"context"
	"net/http"

	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v20230101"
)

// backend20230101 implements 2023-01-01.
type backend20230101 struct {
	api *gen.Client
}

func newBackend20230101(server string, doer *http.Client) (backend, error) {
	api, err := gen.NewClient(server, gen.WithHTTPClient(doer))
	return backend20230101{api}, err
}

func (b backend20230101) list(ctx context.Context, projectID string, o ListOptions) (*http.Response, error) {
	return b.api.ListExportBuckets(ctx, projectID, &gen.ListExportBucketsParams{
		IncludeCount: o.includeCount(), ItemsPerPage: &o.ItemsPerPage, PageNum: &o.PageNum,
	})
}

func (b backend20230101) create(ctx context.Context, projectID string, t Target) (*http.Response, error) {
	aws, ok := t.(AWS)
	if !ok {
		return nil, V20230101.canCreate(t)
	}
	return b.api.CreateExportBucket(ctx, projectID, nil, gen.AWSExportBucketRequest{
		CloudProvider: gen.AWSExportBucketRequestCloudProviderAWS, BucketName: aws.BucketName, IAMRoleID: aws.IAMRoleID,
		RequirePrivateNetworking: nonZero(aws.RequirePrivateNetworking),
	})
}

func (b backend20230101) get(ctx context.Context, projectID, bucketID string) (*http.Response, error) {
	return b.api.GetExportBucket(ctx, projectID, bucketID, nil)
}

func (b backend20230101) update(context.Context, string, string, Update) (*http.Response, error) {
	return nil, V20230101.canUpdate()
}

func (b backend20230101) delete(ctx context.Context, projectID, bucketID string) (*http.Response, error) {
	return b.api.DeleteExportBucket(ctx, projectID, bucketID, nil)
}
