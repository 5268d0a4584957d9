package digestauth

import (
	"testing"
	"time"
)

// However many nonces are used in one lifetime, a limited number is remembered. The
// forgotten ones count as stale rather than unused.
func TestUsedNoncesAreBounded(t *testing.T) {
	now := time.Now()
	u := newUsedNonces(time.Minute, now)
	const all = 3 * maxUsed
	for serial := range uint64(all) {
		if got := u.take(serial+1, 1, now); got != Accepted {
			t.Fatalf("serial %d: %s", serial+1, got)
		}
	}
	if len(u.current) != maxUsed || len(u.last) != maxUsed {
		t.Errorf("%d and %d nonces are remembered, want %d in each generation", len(u.current), len(u.last), maxUsed)
	}
	for _, serial := range []uint64{1, maxUsed, maxUsed + 1, 2 * maxUsed, 2*maxUsed + 1, all} {
		got := u.take(serial, 1, now)
		if got != Replayed && (got != Stale || serial > all-maxUsed) {
			t.Errorf("serial %d again: %s", serial, got)
		}
	}
	if u.take(all+1, 1, now.Add(2*time.Minute)); len(u.current)+len(u.last) != 1 {
		t.Errorf("two lifetimes later %d are remembered, want 1", len(u.current)+len(u.last))
	}
}

// TestUsedNoncesRememberedForLifetime checks that a nonce is remembered for at least one
// lifetime and at most two.
func TestUsedNoncesRememberedForLifetime(t *testing.T) {
	const life = time.Minute
	for _, tt := range []struct {
		after         time.Duration
		current, last int
	}{
		{life - 1, 2, 0},
		{life, 1, 1},
		{2*life - 1, 1, 1},
		{2 * life, 1, 0},
	} {
		now := time.Now()
		u := newUsedNonces(life, now)
		u.take(1, 1, now)
		u.take(2, 1, now.Add(tt.after))
		if len(u.current) != tt.current || len(u.last) != tt.last {
			t.Errorf("after %s: %d and %d nonces are remembered, want %d and %d", tt.after, len(u.current), len(u.last), tt.current, tt.last)
		}
	}
}
