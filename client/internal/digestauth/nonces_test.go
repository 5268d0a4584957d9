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
