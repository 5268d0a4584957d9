package fakeatlas

import "testing"

// A fake that serves for days remembers no more than it was told to.
func TestJournalIsBounded(t *testing.T) {
	for _, keep := range []int{0, 1, 7} {
		j := newJournal(keep)
		for range 1000 {
			j.arrive(&Request{})
			if len(j.entries) > 2*keep {
				t.Fatalf("%d requests in memory with a bound of %d", len(j.entries), keep)
			}
		}
		if requests, _ := j.snapshot(); len(requests) != keep {
			t.Errorf("%d requests shown, want %d", len(requests), keep)
		}
	}
}
