package client

import (
	"context"
	"fmt"
	"net/http"
)

// The API's names of the operations.
const (
	opList   = "listExportBuckets"
	opCreate = "createExportBucket"
	opGet    = "getExportBucket"
	opUpdate = "updateBackupExportBucket"
	opDelete = "deleteExportBucket"
)

// backend makes the requests of one API version with the generated client. It uses the
// methods that return *http.Response, so that no status is lost. The caller must have
// checked the arguments.
type backend interface {
	list(ctx context.Context, projectID string, o ListOptions) (*http.Response, error)
	create(ctx context.Context, projectID string, t Target) (*http.Response, error)
	get(ctx context.Context, projectID, bucketID string) (*http.Response, error)
	update(ctx context.Context, projectID, bucketID string, u Update) (*http.Response, error)
	delete(ctx context.Context, projectID, bucketID string) (*http.Response, error)
}

func newBackend(v APIVersion, server string, doer *http.Client) (backend, error) {
	switch v {
	case V20240530:
		return newBackend20240530(server, doer)
	case V20230101:
		return newBackend20230101(server, doer)
	case V1:
		return newBackendV1(server, doer)
	}
	return nil, fmt.Errorf("exportbuckets: API version %q is unknown", string(v))
}

// nonZero returns a pointer to v, nil for the zero value: the parameter or field is
// then omitted.
func nonZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// includeCount returns the parameter, nil for its default.
func (o ListOptions) includeCount() *bool {
	if !o.OmitCount {
		return nil
	}
	return new(bool)
}
