package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Client makes the five calls for the export buckets of Atlas projects. It is safe
// for concurrent use; [New] and [FromEnv] make one. Printing it shows no secret.
type Client struct {
	version   APIVersion
	backend   backend
	baseURL   string
	auth      Auth
	signer    signer
	projectID string
	log       *slog.Logger
	callHook  func(context.Context, Call)
	closeIdle func()
}

// New returns a client that authenticates with auth. It sends nothing. An error
// names every option that cannot be right.
func New(auth Auth, opts ...Option) (*Client, error) {
	cfg, err := newConfig(auth, opts)
	if err != nil {
		return nil, err
	}
	chain, signer, err := cfg.assemble()
	if err != nil {
		return nil, err
	}
	doer := *cfg.httpClient
	doer.Transport = chain
	doer.CheckRedirect = cfg.redirectPolicy()
	backend, err := newBackend(cfg.version, cfg.baseURL.String(), &doer)
	if err != nil {
		return nil, err
	}
	c := &Client{
		version: cfg.version, backend: backend, baseURL: cfg.baseURL.String(),
		auth: cfg.auth, signer: signer, projectID: cfg.projectID,
		log: cfg.log, callHook: cfg.callHook, closeIdle: func() {},
	}
	if own, ok := cfg.transport.(*http.Transport); ok && cfg.ownsTransport {
		c.closeIdle = own.CloseIdleConnections
	}
	return c, nil
}

// ProjectID returns the project of calls that name none: what [WithProjectID] or
// the environment set, or "".
func (c *Client) ProjectID() string { return c.projectID }

// APIVersion returns the version that the client asks for.
func (c *Client) APIVersion() APIVersion { return c.version }

// String says where the client calls and as whom.
func (c *Client) String() string {
	return fmt.Sprintf("exportbuckets client of %s, API version %s, %s", c.baseURL, c.version, c.auth)
}

// Format prints the same for every verb.
func (c *Client) Format(f fmt.State, _ rune) { redacted(f, c.String()) }

// Get returns an export bucket.
func (c *Client) Get(ctx context.Context, projectID, bucketID string) (*ExportBucket, error) {
	projectID, err := c.ids(projectID, &bucketID)
	if err != nil {
		return nil, err
	}
	return c.bucket(ctx, opGet, func(ctx context.Context) (*http.Response, error) {
		return c.backend.get(ctx, projectID, bucketID)
	})
}

// Create adds an export bucket: Atlas may then export snapshots to target. The same
// target may be added many times, each time as another export bucket, so a Create
// whose answer got lost is not tried again.
func (c *Client) Create(ctx context.Context, projectID string, target Target) (*ExportBucket, error) {
	projectID = c.project(projectID)
	var args checks
	args.id("projectID", projectID)
	args.target(target)
	if err := args.err(); err != nil {
		return nil, err
	}
	if err := c.version.canCreate(target); err != nil {
		return nil, err
	}
	return c.bucket(ctx, opCreate, func(ctx context.Context) (*http.Response, error) {
		return c.backend.create(ctx, projectID, target)
	})
}

// Update is a change to an export bucket on AWS.
type Update struct {
	// RequirePrivateNetworking has exports go over AWS PrivateLink.
	RequirePrivateNetworking bool
}

// Update changes an export bucket and returns it as it is then. It sets rather than
// toggles, so it is tried again like a Get.
func (c *Client) Update(ctx context.Context, projectID, bucketID string, change Update) (*ExportBucket, error) {
	projectID, err := c.ids(projectID, &bucketID)
	if err != nil {
		return nil, err
	}
	if err := c.version.canUpdate(); err != nil {
		return nil, err
	}
	return c.bucket(ctx, opUpdate, func(ctx context.Context) (*http.Response, error) {
		return c.backend.update(ctx, projectID, bucketID, change)
	})
}

// Delete removes an export bucket from the project; what is stored in it stays.
// Atlas refuses with [ErrBucketInUse] while a cluster of the project exports to it.
//
// A bucket that is gone is [ErrNotFound], unless the call had to be tried again: the
// first attempt may have removed it.
func (c *Client) Delete(ctx context.Context, projectID, bucketID string) error {
	projectID, err := c.ids(projectID, &bucketID)
	if err != nil {
		return err
	}
	return c.do(ctx, opDelete, func(ctx context.Context) (*http.Response, error) {
		return c.backend.delete(ctx, projectID, bucketID)
	}, nil)
}

// Close ends the client's use: it revokes the service account's token, so that it
// no longer counts among the account's living ones, and closes idle connections.
// Calls after it fail with [ErrClosed] where a token is needed. An error means that
// a token lives on until it expires; nothing else depends on it.
func (c *Client) Close(ctx context.Context) error {
	defer c.closeIdle()
	if c.signer.close == nil {
		return nil
	}
	if err := c.signer.close(ctx); err != nil {
		return tokenFailure(fmt.Errorf("revoking: %w", err))
	}
	return nil
}

// project is projectID, or the default.
func (c *Client) project(projectID string) string {
	if projectID == "" {
		return c.projectID
	}
	return projectID
}

// ids checks the ids of a call and returns the project's.
func (c *Client) ids(projectID string, bucketID *string) (string, error) {
	projectID = c.project(projectID)
	var args checks
	args.id("projectID", projectID)
	if bucketID != nil {
		args.id("bucketID", *bucketID)
	}
	return projectID, args.err()
}

// bucket makes a call that answers an export bucket.
func (c *Client) bucket(ctx context.Context, operation string, send func(context.Context) (*http.Response, error)) (*ExportBucket, error) {
	b := new(ExportBucket)
	err := c.do(ctx, operation, send, b.UnmarshalJSON)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// do makes a call and has decode read its answer, if it has one.
func (c *Client) do(ctx context.Context, operation string, send func(context.Context) (*http.Response, error), decode func([]byte) error) error {
	call := &callState{operation: operation}
	started := time.Now()
	err := c.exchange(withCall(ctx, call), call, send, decode)
	c.report(ctx, call, started, err)
	return err
}

// exchange sends, and turns everything but a good answer into an *Error.
func (c *Client) exchange(ctx context.Context, call *callState, send func(context.Context) (*http.Response, error), decode func([]byte) error) error {
	res, err := send(ctx)
	if err != nil {
		return call.failed(failure(err))
	}
	defer func() { _ = res.Body.Close() }()
	body := wholeBody(res)
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return call.failed(answerError(res, body, nil))
	}
	if decode == nil {
		return nil
	}
	if err := c.version.checkMediaType(res); err != nil {
		return call.failed(answerError(res, body, err))
	}
	if err := decode(body); err != nil {
		return call.failed(answerError(res, body, fmt.Errorf("the answer cannot be read: %w", err)))
	}
	return nil
}

// failed completes e with the call. A deletion that was tried again and finds
// nothing is a success, unless it is the project that isn't there.
func (s *callState) failed(e *Error) error {
	if s.operation == opDelete && s.attempts > 1 && errors.Is(e, ErrNotFound) && !errors.Is(e, ErrProjectNotFound) {
		return nil
	}
	if e.Method == "" {
		e.Method, e.Path = s.method, s.path
	}
	e.Attempts = s.attempts
	return e
}
