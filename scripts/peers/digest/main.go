// Command digest calls Apache's mod_auth_digest and lighttpd's mod_auth with our client
// and an API key, and counts the requests in the servers' own logs.
package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

const (
	realm      = "MMS Public API"
	publicKey  = "peerpubl"
	privateKey = "3f1c2a9e-peer-test-only"
	projectID  = "5f0000000000000000000001"

	sequential = 100
	concurrent = 400
	// shortLifetime is AuthDigestNonceLifetime of Apache's second port, in seconds.
	shortLifetime = 1
)

// The buckets that the servers have. Each step requests its own bucket, so that the log
// shows the requests of each step.
const (
	steadyID  = "5f00000000000000000000a1"
	warmID    = "5f00000000000000000000a2"
	coldID    = "5f00000000000000000000a3"
	expiredID = "5f00000000000000000000a4"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	res := new(result.Result)
	for _, run := range []func(context.Context, *result.Result) error{runApache, runLighttpdMD5, runLighttpdSHA256} {
		if err := run(ctx, res); err != nil {
			fmt.Fprintln(os.Stderr, "digest:", err)
			os.Exit(1)
		}
	}
	if err := res.Write(); err != nil {
		fmt.Fprintln(os.Stderr, "digest:", err)
		os.Exit(1)
	}
}

// caller makes calls to one server and counts those that fail.
type caller struct {
	baseURL string
	key     string
	lost    atomic.Int64
	client  *client.Client
}

func newCaller(baseURL, key string) (*caller, error) {
	c := &caller{baseURL: baseURL, key: key}
	return c, c.forget()
}

// forget creates a new client, which has no nonce.
func (c *caller) forget() (err error) {
	c.client, err = client.New(client.APIKey(publicKey, c.key), client.WithBaseURL(c.baseURL))
	return err
}

func (c *caller) get(ctx context.Context, id string) {
	b, err := c.client.Get(ctx, projectID, id)
	if err != nil || b.ID != id {
		c.lost.Add(1)
	}
}

// one makes n calls, one after another.
func (c *caller) one(ctx context.Context, id string, n int) error {
	for range n {
		if result.Break() == "forgets-nonces" {
			if err := c.forget(); err != nil {
				return err
			}
		}
		c.get(ctx, id)
	}
	return nil
}

// all makes n calls at once.
func (c *caller) all(ctx context.Context, id string, n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { c.get(ctx, id) })
	}
	wg.Wait()
}

// runLoad makes the calls that every server gets: sequential ones with a new client, and
// concurrent ones with and without a known nonce.
func runLoad(ctx context.Context, baseURL string) (lost int, err error) {
	c, err := newCaller(baseURL, privateKey)
	if err != nil {
		return 0, err
	}
	if err := c.one(ctx, steadyID, sequential); err != nil {
		return 0, err
	}
	c.all(ctx, warmID, concurrent)
	if err := c.forget(); err != nil {
		return 0, err
	}
	c.all(ctx, coldID, concurrent)
	return int(c.lost.Load()), nil
}

// newExpiryCaller returns the caller for the step in which a nonce expires.
func newExpiryCaller(baseURL string) (*caller, error) {
	if result.Break() == "wrong-key" {
		return newCaller(baseURL, "not-the-key")
	}
	return newCaller(baseURL, privateKey)
}

// reportExpired adds the number of requests for two calls whose nonce expired in between.
func reportExpired(res *result.Result, name string, log accessLog) {
	res.Count(name+": two Gets, the nonce expired between them: requests", log.requests(expiredID))
	res.Count(name+": two Gets, the nonce expired between them: 401s", log.status(expiredID, 401))
}

// reportLoad adds the number of requests of runLoad to the result.
func reportLoad(res *result.Result, name string, log accessLog, lost int) {
	res.Count(fmt.Sprintf("%s: %d sequential Gets with a new client: requests", name, sequential), log.requests(steadyID))
	res.Count(fmt.Sprintf("%s: %d sequential Gets with a new client: 401s", name, sequential), log.status(steadyID, 401))
	res.Count(fmt.Sprintf("%s: %d concurrent Gets with a known nonce: requests", name, concurrent), log.requests(warmID))
	res.Count(fmt.Sprintf("%s: %d concurrent Gets without a nonce: status 200", name, concurrent), log.status(coldID, 200))
	res.Count(name+": failed calls", lost)
}
