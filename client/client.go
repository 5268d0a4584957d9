package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Client makes the five calls for the export buckets of Atlas projects. It is safe for
// concurrent use. Create one with [New] or [FromEnv]. Printing it shows no secret.
type Client struct {
	version   APIVersion
	backend   backend
	baseURL   string
	auth      Auth
	signer    signer
	projectID string
	mask      *mask
	observer  observer
	closeIdle func()
}

// New returns a client that authenticates with auth. It sends nothing. The error names
// every invalid option.
func New(auth Auth, opts ...Option) (*Client, error) {
	cfg, err := newConfig(auth, opts)
	if err != nil {
		return nil, err
	}
	doer, signer, err := cfg.assemble()
	if err != nil {
		return nil, err
	}
	backend, err := newBackend(cfg.version, cfg.baseURL.String(), doer)
	if err != nil {
		return nil, err
	}
	return &Client{
		version: cfg.version, backend: backend, baseURL: cfg.baseURL.String(),
		auth: cfg.auth, signer: signer, projectID: cfg.projectID,
		mask: &cfg.mask, observer: cfg.observer(), closeIdle: cfg.closeIdle(),
	}, nil
}

// ProjectID returns the default project, which calls with an empty projectID use. It is set
// by [WithProjectID] or the environment, and "" otherwise.
func (c *Client) ProjectID() string { return c.projectID }

// APIVersion returns the version that the client requests.
func (c *Client) APIVersion() APIVersion { return c.version }

// String returns the base URL, API version and authentication of the client.
func (c *Client) String() string {
	return fmt.Sprintf("exportbuckets client of %s, API version %s, %s", c.baseURL, c.version, c.auth)
}

// Format prints the same for every verb.
func (c *Client) Format(f fmt.State, _ rune) { redacted(f, c.String()) }

// Get returns an export bucket.
func (c *Client) Get(ctx context.Context, projectID, bucketID string, opts ...CallOption) (*ExportBucket, error) {
	projectID, err := c.ids(projectID, &bucketID)
	if err != nil {
		return nil, err
	}
	return c.bucket(ctx, newCall(opGet, opts), func(ctx context.Context) (*http.Response, error) {
		return c.backend.get(ctx, projectID, bucketID)
	})
}

// Create adds an export bucket: Atlas may then export snapshots to target. The same target
// may be added many times, each time as another export bucket. Therefore a Create that may
// have reached Atlas is not retried: its error matches [ErrOutcomeUnknown].
func (c *Client) Create(ctx context.Context, projectID string, target Target, opts ...CallOption) (*ExportBucket, error) {
	projectID = c.project(projectID)
	if err := c.checkCreate(projectID, target); err != nil {
		return nil, err
	}
	return c.bucket(ctx, newCall(opCreate, opts), func(ctx context.Context) (*http.Response, error) {
		return c.backend.create(ctx, projectID, target)
	})
}

// checkCreate returns an error for invalid arguments of Create.
func (c *Client) checkCreate(projectID string, target Target) error {
	var args checks
	args.id("projectID", projectID)
	args.target(target)
	if err := args.err(); err != nil {
		return err
	}
	return c.version.canCreate(target)
}

// Update is a change to an export bucket. A nil field leaves its value unchanged; at
// least one must be set:
//
//	client.Update{RequirePrivateNetworking: client.Ptr(false)}
type Update struct {
	// RequirePrivateNetworking is whether exports use AWS PrivateLink. Only buckets on AWS
	// have this setting.
	RequirePrivateNetworking *bool
}

// Ptr returns a pointer to v, for the fields of [Update].
func Ptr[T any](v T) *T { return &v }

// Update changes an export bucket and returns the changed bucket. It sets values rather
// than toggling them, so it is tried again like a Get.
func (c *Client) Update(ctx context.Context, projectID, bucketID string, change Update, opts ...CallOption) (*ExportBucket, error) {
	projectID = c.project(projectID)
	var args checks
	args.id("projectID", projectID)
	args.id("bucketID", bucketID)
	args.update(change)
	if err := args.err(); err != nil {
		return nil, err
	}
	if err := c.version.canUpdate(); err != nil {
		return nil, err
	}
	return c.bucket(ctx, newCall(opUpdate, opts), func(ctx context.Context) (*http.Response, error) {
		return c.backend.update(ctx, projectID, bucketID, change)
	})
}

// Delete removes an export bucket from the project. The snapshots stored in it remain.
// Atlas refuses with [ErrBucketInUse] while a cluster of the project exports to it.
//
// If the bucket does not exist, the error matches [ErrNotFound], unless an earlier attempt
// of the same call may have removed the bucket.
func (c *Client) Delete(ctx context.Context, projectID, bucketID string, opts ...CallOption) error {
	projectID, err := c.ids(projectID, &bucketID)
	if err != nil {
		return err
	}
	return c.do(ctx, newCall(opDelete, opts), func(ctx context.Context) (*http.Response, error) {
		return c.backend.delete(ctx, projectID, bucketID)
	}, nil)
}

// Close revokes the service account's token, so that it no longer counts toward the
// account's limit of active tokens, and closes idle connections. Later calls that need a
// token fail with [ErrClosed]. If Close fails, the only effect is that the token stays valid
// until it expires.
func (c *Client) Close(ctx context.Context) error {
	defer c.closeIdle()
	return c.signer.end(ctx, c.mask)
}

// project returns projectID, or the default project if it is "".
func (c *Client) project(projectID string) string {
	if projectID == "" {
		return c.projectID
	}
	return projectID
}

// ids checks the ids of a call and returns the project id.
func (c *Client) ids(projectID string, bucketID *string) (string, error) {
	projectID = c.project(projectID)
	var args checks
	args.id("projectID", projectID)
	if bucketID != nil {
		args.id("bucketID", *bucketID)
	}
	return projectID, args.err()
}

// bucket makes a call whose response is an export bucket.
func (c *Client) bucket(ctx context.Context, call *callState, send func(context.Context) (*http.Response, error)) (*ExportBucket, error) {
	b := new(ExportBucket)
	err := c.do(ctx, call, send, func(body []byte) error { return decodeResponse(body, b) })
	if err != nil {
		return nil, err
	}
	return b, nil
}

// do makes a call and decodes its response with decode. If decode is nil, the expected
// status is 204.
func (c *Client) do(ctx context.Context, call *callState, send func(context.Context) (*http.Response, error), decode func([]byte) error) error {
	started := time.Now()
	err := c.exchange(withCall(ctx, call), call, send, decode)
	c.observer.report(ctx, call, started, err)
	return err
}

// exchange sends a request and returns an *Error for everything except the expected
// response.
func (c *Client) exchange(ctx context.Context, call *callState, send func(context.Context) (*http.Response, error), decode func([]byte) error) error {
	res, err := send(ctx)
	var failed *Error
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the text of http.Client's error repeats method and URL
		}
		failed = failure(call, err)
	} else {
		defer func() { _ = res.Body.Close() }()
		failed = c.read(res, call.body, decode)
	}
	if failed == nil || call.deletedBefore(failed) {
		return nil
	}
	return call.failed(failed, c.mask)
}

// read decodes the expected response, and returns an *Error for every other one.
func (c *Client) read(res *http.Response, body []byte, decode func([]byte) error) *Error {
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return responseError(res, body, nil)
	}
	var err error
	if decode == nil {
		err = c.version.checkNoContent(res)
	} else if err = cmp.Or(c.version.checkMediaType(res), checkValues(body)); err == nil {
		if err = decode(body); err != nil {
			err = fmt.Errorf("the response cannot be read: %w", err)
		}
	}
	if err != nil {
		return responseError(res, body, err)
	}
	return nil
}

// deletedBefore reports whether e is a 404 for a bucket that an earlier attempt may have
// deleted.
func (s *callState) deletedBefore(e *Error) bool {
	return s.operation == opDelete && s.mayHaveArrived && errors.Is(e, ErrBucketNotFound)
}
