package client

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
)

// Ensure returns the project's export bucket that has target, or creates it. The
// second result reports whether Ensure created it. Atlas itself takes the same target
// many times, so Ensure lists the project's buckets first; of several with the target
// it returns the first in Atlas's order.
//
// A bucket has target if it has every field that [Client.Create] would send. Where
// Create ends with [ErrOutcomeUnknown], Ensure lists once more and returns the bucket
// if it is there. Two Ensures at the same time may both create a bucket, as Atlas has
// no lock for it.
func (c *Client) Ensure(ctx context.Context, projectID string, target Target) (bucket *ExportBucket, created bool, err error) {
	projectID = c.project(projectID)
	if err := c.checkCreate(projectID, target); err != nil {
		return nil, false, err
	}
	bucket, err = c.find(ctx, projectID, target)
	if bucket != nil || err != nil {
		return bucket, false, err
	}
	bucket, err = c.Create(ctx, projectID, target)
	if errors.Is(err, ErrOutcomeUnknown) {
		if found, listErr := c.find(ctx, projectID, target); found != nil && listErr == nil {
			return found, true, nil
		}
	}
	return bucket, err == nil, err
}

// find returns the first bucket that has target, nil if none has.
func (c *Client) find(ctx context.Context, projectID string, target Target) (*ExportBucket, error) {
	for b, err := range c.List(ctx, projectID, nil) {
		if err != nil {
			return nil, err
		}
		if hasTarget(b, target) {
			return b, nil
		}
	}
	return nil, nil
}

// hasTarget reports whether b has every field that Create sends for want.
func hasTarget(b *ExportBucket, want Target) bool {
	switch have := b.Target.(type) {
	case AWS:
		want, ok := want.(AWS)
		have.Region, want.Region = "", ""
		return ok && have == want
	case Azure:
		want, ok := want.(Azure)
		return ok && have.hasSent(want)
	case GCP:
		return want == Target(have)
	case Unknown:
		want, ok := want.(Unknown)
		return ok && have.contains(want)
	}
	return false
}

// contains reports whether u has every member of want's object.
func (u Unknown) contains(want Unknown) bool {
	var have, sent map[string]any
	if json.Unmarshal([]byte(u.Raw), &have) != nil || json.Unmarshal([]byte(want.Raw), &sent) != nil {
		return false
	}
	for name, value := range sent {
		if !reflect.DeepEqual(have[name], value) {
			return false
		}
	}
	return true
}

// hasSent reports whether a container of Atlas's is the one that want asks for. Atlas
// ignores the tenant, and works out a name that is left out from the URL.
func (a Azure) hasSent(want Azure) bool {
	sameName := want.BucketName == "" || want.BucketName == a.BucketName
	return sameName && want.RoleID == a.RoleID && a.address() == want.address()
}

// address is the URL of the container: Atlas takes ServiceURL with the container or
// without it, and may return the one that was not sent.
func (a Azure) address() string {
	url := strings.TrimSuffix(a.ServiceURL, "/")
	if a.BucketName == "" || strings.HasSuffix(url, "/"+a.BucketName) {
		return url
	}
	return url + "/" + a.BucketName
}
