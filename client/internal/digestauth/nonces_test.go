package digestauth

import (
	"testing"
	"time"

	"github.com/icholy/digest"
)

// TestRefusedNonceIsNotSharedAgain sends two requests with one nonce. The server accepts
// the first, the nonce becomes invalid, and the response to the second arrives before that
// to the first.
func TestRefusedNonceIsNotSharedAgain(t *testing.T) {
	now := time.Now()
	var n nonces
	first := n.fresh(&digest.Challenge{Nonce: "one"}, now)
	n.accepted(first.session, "", now)
	accepted, refused := n.take(now), n.take(now)

	n.end(refused.session)
	n.accepted(accepted.session, "", now)
	if got := n.take(now); got.session != nil {
		t.Errorf("the nonce %q is shared again after its refusal", got.challenge.Nonce)
	}

	again := n.fresh(&digest.Challenge{Nonce: "one"}, now)
	n.accepted(again.session, "", now)
	if got := n.take(now); got.session == nil || got.count != again.count+1 {
		t.Errorf("a nonce that the server sent again has count %d, want %d", got.count, again.count+1)
	}
}

// TestAnnouncedNonces checks that a nonce that the server announces is used for one request, and
// that one that the server announces again is shared, with a count that continues.
func TestAnnouncedNonces(t *testing.T) {
	now := time.Now()
	var n nonces
	first := n.fresh(&digest.Challenge{Nonce: "one"}, now)
	n.accepted(first.session, "two", now)
	second := n.take(now)
	if second.session == nil || second.challenge.Nonce != "two" || second.count != 1 {
		t.Fatalf("got %+v, want the announced nonce with count 1", second)
	}
	if got := n.take(now); got.session != nil {
		t.Errorf("the announced nonce is used again, with count %d", got.count)
	}

	n.accepted(second.session, "two", now)
	for want := 2; want <= 3; want++ {
		if got := n.take(now); got.session != second.session || got.count != want {
			t.Errorf("got %+v, want the nonce announced twice, with count %d", got, want)
		}
	}
}
