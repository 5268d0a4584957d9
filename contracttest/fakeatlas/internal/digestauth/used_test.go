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
	if n := len(u.current) + len(u.last); n > 2*maxUsed {
		t.Errorf("%d nonces are remembered, want at most %d", n, 2*maxUsed)
	}
	for _, serial := range []uint64{1, maxUsed, maxUsed + 1, all} {
		got := u.take(serial, 1, now)
		if got != Replayed && (got != Stale || serial > all-maxUsed) {
			t.Errorf("serial %d again: %s", serial, got)
		}
	}
	if u.take(all+1, 1, now.Add(2*time.Minute)); len(u.current)+len(u.last) != 1 {
		t.Errorf("two lifetimes later %d are remembered, want 1", len(u.current)+len(u.last))
	}
}
