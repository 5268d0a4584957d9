package client

import (
	"context"
	"errors"
)

// Ensure returns the project's export bucket that has target, or creates it. The
// second result reports whether Ensure created it. Atlas accepts the same target many
// times, so Ensure lists the project's buckets first. If several have the target, it
// returns the first in Atlas's order.
//
// A bucket has the target if [ExportBucket.HasTarget] reports true. If Create fails with
// [ErrOutcomeUnknown], Ensure lists once more and returns the bucket if it exists. Two
// concurrent calls of Ensure may both create a bucket, because Atlas cannot prevent that.
func (c *Client) Ensure(ctx context.Context, projectID string, target Target, opts ...CallOption) (bucket *ExportBucket, created bool, err error) {
	projectID = c.project(projectID)
	if err := c.checkCreate(projectID, target); err != nil {
		return nil, false, err
	}
	bucket, err = c.find(ctx, projectID, target, opts)
	if bucket != nil || err != nil {
		return bucket, false, err
	}
	bucket, err = c.Create(ctx, projectID, target, opts...)
	if errors.Is(err, ErrOutcomeUnknown) {
		if found, listErr := c.find(ctx, projectID, target, opts); found != nil && listErr == nil {
			return found, true, nil
		}
	}
	return bucket, err == nil, err
}

// find returns the first bucket that has target, nil if there is none.
func (c *Client) find(ctx context.Context, projectID string, target Target, opts []CallOption) (*ExportBucket, error) {
	for b, err := range c.List(ctx, projectID, nil, opts...) {
		if err != nil {
			return nil, err
		}
		if b.HasTarget(target) {
			return b, nil
		}
	}
	return nil, nil
}
