package fakeatlas_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// In a bubble, over pipes, a nonce ages by the fake's clock: it is refused as
// stale after a minute, and the next challenge is taken.
func TestNonceGoesStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.InMemory())
		c := newCaller(t, srv)
		for range 2 {
			if got := c.ask("GET", "", ""); got.status != 200 {
				t.Fatal(got.status, got.body)
			}
			srv.Advance(time.Minute)
		}
		var refusals []string
		for _, r := range srv.Requests() {
			refusals = append(refusals, r.Refusal)
		}
		// No credentials, taken, too old, taken.
		if diff := cmp.Diff([]string{"", "", "stale nonce", ""}, refusals); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
