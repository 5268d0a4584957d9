package client

import "testing"

// TestBudgetGain checks that ten successes, or one success of a retry, add one retry to the
// budget, up to its size.
func TestBudgetGain(t *testing.T) {
	const most = 2
	b := newBudget(most)
	drain := func() (taken int) {
		for b.take() {
			taken++
		}
		return taken
	}
	if got := drain(); got != most {
		t.Fatalf("%d retries in a new budget, want %d", got, most)
	}
	for n := range 9 {
		if b.refund(false); b.take() {
			t.Fatalf("a retry after %d successes, want one after 10", n+1)
		}
	}
	b.refund(false)
	if got := drain(); got != 1 {
		t.Errorf("%d retries after 10 successes, want 1", got)
	}
	b.refund(true)
	if got := drain(); got != 1 {
		t.Errorf("%d retries after a success by a retry, want 1", got)
	}
	for range 100 {
		b.refund(true)
	}
	if got := drain(); got != most {
		t.Errorf("%d retries after many successes, want %d", got, most)
	}
}

// TestNoBudget checks that a negative budget does not limit retries.
func TestNoBudget(t *testing.T) {
	b := newBudget(-1)
	for range 1000 {
		if !b.take() {
			t.Fatal("a budget without a limit is empty")
		}
	}
	if b.refund(true); !b.take() {
		t.Error("a success limited the budget")
	}
}
