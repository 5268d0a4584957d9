package digestauth

import "time"

const (
	// window is the largest distance of a request's counter from the highest one.
	// Parallel requests with one nonce may arrive in any order.
	window = 256
	// maxUsed bounds the number of used nonces that one generation remembers.
	maxUsed = 1 << 17
)

// counters are the request counters of one nonce that were used.
type counters struct {
	highest uint32
	used    [window / 32]uint32 // one bit for each counter modulo window
}

// usedNonces remembers the counters of nonces that were used and may still be valid.
// A nonce belongs to the generation of its first use. There are two generations, and a
// new one begins after each lifetime, so that a nonce is remembered for at least one
// lifetime and at most two. Its owner locks it.
type usedNonces struct {
	life          time.Duration
	begun         time.Time // when the current generation began
	current, last map[uint64]counters
	newest        uint64 // the highest serial in current
	newestLast    uint64 // the highest serial in last
	forgotten     uint64 // nonces up to this serial may have been forgotten too early
}

func newUsedNonces(life time.Duration, now time.Time) *usedNonces {
	return &usedNonces{life: life, begun: now, current: map[uint64]counters{}}
}

// take uses one counter of a nonce. It returns Accepted, Replayed if the counter was used
// before, or Stale if the counter is too old to know.
func (u *usedNonces) take(serial uint64, nc uint32, now time.Time) Refusal {
	u.age(now)
	if serial <= u.forgotten {
		return Stale
	}
	generation := u.current
	if _, ok := u.last[serial]; ok {
		generation = u.last
	}
	c := generation[serial]
	if !c.take(nc) {
		return Replayed
	}
	generation[serial] = c
	u.newest = max(u.newest, serial)
	return Accepted
}

// age begins a new generation if the current one is a lifetime old, or full.
func (u *usedNonces) age(now time.Time) {
	passed := now.Sub(u.begun)
	switch {
	case passed >= 2*u.life: // no nonce in either generation is valid
		u.last, u.newestLast = nil, 0
	case passed >= u.life:
		u.last, u.newestLast = u.current, u.newest
	case len(u.current) >= maxUsed:
		u.forgotten = max(u.forgotten, u.newestLast)
		u.last, u.newestLast = u.current, u.newest
	default:
		return
	}
	u.current, u.newest, u.begun = map[uint64]counters{}, 0, now
}

// take marks a counter as used, and reports whether it was unused.
func (c *counters) take(nc uint32) bool {
	if nc == 0 || uint64(nc)+window <= uint64(c.highest) {
		return false
	}
	if nc > c.highest {
		c.advance(nc)
	}
	word, bit := nc%window/32, uint32(1)<<(nc%32)
	if c.used[word]&bit != 0 {
		return false
	}
	c.used[word] |= bit
	return true
}

// advance moves the window up to a new highest counter, and clears the bits of the
// counters that enter it.
func (c *counters) advance(nc uint32) {
	entering := min(nc-c.highest, window)
	for n := nc - entering + 1; n <= nc; n++ {
		c.used[n%window/32] &^= 1 << (n % 32)
	}
	c.highest = nc
}
