package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// step is a line of the demo's output: the caller, the call and the result.
type step struct{ as, call, result string }

// actor makes calls with one identity and records them as steps.
type actor struct {
	name    string
	client  *client.Client
	project string
	steps   []step
}

const role = "0123456789abcdef01234567"

var targets = []client.Target{
	client.AWS{BucketName: "demo-snapshots", IAMRoleID: role},
	client.Azure{BucketName: "snapshots", RoleID: role, ServiceURL: "https://demoaccount.blob.core.windows.net/snapshots"},
	client.GCP{BucketName: "demo-snapshots", RoleID: role},
}

// makeCalls lists and creates buckets with an API key, and reads, changes and deletes the created
// buckets with a service account.
func makeCalls(ctx context.Context, atlas *fakeatlas.Server, recorder func(http.RoundTripper) http.RoundTripper) ([]step, error) {
	key, err := newActor("API key", atlas, client.APIKey(atlas.PublicKey, atlas.PrivateKey), recorder)
	if err != nil {
		return nil, err
	}
	account, err := newActor("service account", atlas, client.ServiceAccount(atlas.ClientID, atlas.ClientSecret), recorder)
	if err != nil {
		return nil, err
	}
	if err := key.list(ctx); err != nil {
		return nil, err
	}
	created, err := key.create(ctx)
	if err != nil {
		return nil, err
	}
	for _, act := range []func(context.Context, []string) error{account.get, account.update, account.delete, account.missing} {
		if err := act(ctx, created); err != nil {
			return nil, err
		}
	}
	return append(key.steps, account.steps...), errors.Join(key.client.Close(ctx), account.client.Close(ctx))
}

func newActor(name string, atlas *fakeatlas.Server, auth client.Auth, recorder func(http.RoundTripper) http.RoundTripper) (*actor, error) {
	c, err := client.New(auth, client.WithBaseURL(atlas.URL), client.WithMiddleware(recorder))
	return &actor{name: name, client: c, project: atlas.ProjectID}, err
}

func (a *actor) note(call, result string, args ...any) {
	a.steps = append(a.steps, step{a.name, call, fmt.Sprintf(result, args...)})
}

func (a *actor) list(ctx context.Context) error {
	providers := make(map[client.CloudProvider]int)
	total := 0
	for bucket, err := range a.client.List(ctx, a.project, nil) {
		if err != nil {
			return err
		}
		providers[bucket.CloudProvider()]++
		total++
	}
	a.note("List", "%d buckets: %d AWS, %d Azure, %d GCP", total,
		providers[client.ProviderAWS], providers[client.ProviderAzure], providers[client.ProviderGCP])
	return nil
}

func (a *actor) create(ctx context.Context) (ids []string, err error) {
	for _, target := range targets {
		bucket, err := a.client.Create(ctx, a.project, target)
		if err != nil {
			return nil, err
		}
		ids = append(ids, bucket.ID)
		a.note(fmt.Sprintf("Create %T", target), "%s", bucket.ID)
	}
	return ids, nil
}

func (a *actor) get(ctx context.Context, ids []string) error {
	for _, id := range ids {
		bucket, err := a.client.Get(ctx, a.project, id)
		if err != nil {
			return err
		}
		switch target := bucket.Target.(type) {
		case client.AWS:
			a.note("Get", "an S3 bucket in %s", target.Region)
		case client.Azure:
			a.note("Get", "a container of %s", target.ServiceURL)
		case client.GCP:
			a.note("Get", "a Cloud Storage bucket, %s", target.BucketName)
		case client.Unknown:
			return fmt.Errorf("bucket %s has the unknown provider %q", id, target.CloudProvider)
		}
	}
	return nil
}

func (a *actor) update(ctx context.Context, ids []string) error {
	bucket, err := a.client.Update(ctx, a.project, ids[0], client.Update{RequirePrivateNetworking: client.Ptr(true)})
	if err != nil {
		return err
	}
	target, _ := bucket.Target.(client.AWS)
	a.note("Update", "private networking is now %t", target.RequirePrivateNetworking)
	return nil
}

func (a *actor) delete(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if err := a.client.Delete(ctx, a.project, id); err != nil {
			return err
		}
	}
	a.note("Delete", "%d buckets deleted", len(ids))
	return nil
}

// missing shows the error for a deleted bucket.
func (a *actor) missing(ctx context.Context, ids []string) error {
	_, err := a.client.Get(ctx, a.project, ids[0])
	if !errors.Is(err, client.ErrNotFound) {
		return fmt.Errorf("a deleted bucket: Get must return client.ErrNotFound, got %w", err)
	}
	var atlasError *client.Error
	errors.As(err, &atlasError)
	a.note("Get (deleted)", "client.ErrNotFound: %d %s", atlasError.StatusCode, atlasError.Code)
	return nil
}
