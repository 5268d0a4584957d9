package fakeatlas

import (
	"bytes"
	"slices"
	"sync"
)

const (
	// defaultKeptRequests is the default number of requests that are remembered.
	defaultKeptRequests = 10_000
	// maxKeptBody is the number of bytes of a request body that are remembered.
	maxKeptBody = 64 << 10
)

// journal remembers the newest requests that arrived, and wakes goroutines that wait for
// requests. Each goroutine that waits for a number of handled requests adds one comparison
// to the cost of a request.
type journal struct {
	keep int

	mu      sync.Mutex
	entries []*entry
	arrived int               // requests since the last forget
	handled map[Operation]int // the number of these that have a response
	counts  []*countWaiter
	changed chan struct{} // closed at the next change; nil while no goroutine waits for it
}

// entry is one remembered request. The request that it points to is never changed, but
// replaced while the journal is locked.
type entry struct{ request *Request }

// countWaiter waits until n requests for an operation have a response.
type countWaiter struct {
	op   Operation
	n    int
	done chan struct{} // closed when n is reached
}

func newJournal(keep int) *journal {
	return &journal{keep: keep, handled: map[Operation]int{}}
}

// keptBody returns a copy of the part of a body that the journal remembers, so that the
// rest can be freed.
func (j *journal) keptBody(body []byte) []byte {
	if j.keep == 0 {
		return nil
	}
	return bytes.Clone(body[:min(len(body), maxKeptBody)])
}

// arrive adds a request that has no response yet.
func (j *journal) arrive(r Request) *entry {
	e := &entry{request: &r}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.arrived++
	if j.entries = append(j.entries, e); len(j.entries) > j.keep {
		j.entries[0] = nil
		j.entries = j.entries[1:]
	}
	j.wake()
	return e
}

// finish replaces a request by its final state.
func (j *journal) finish(e *entry, r Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.request = &r
	if r.Status != 0 {
		j.handled[r.Operation]++
		j.counts = slices.DeleteFunc(j.counts, func(w *countWaiter) bool {
			reached := j.handled[w.op] >= w.n
			if reached {
				close(w.done)
			}
			return reached
		})
	}
	j.wake()
}

// forget empties the journal.
func (j *journal) forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.arrived = nil, 0
	clear(j.handled)
	j.wake()
}

// wake wakes the goroutines that wait for any change. The caller holds the lock.
func (j *journal) wake() {
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}

// watch returns copies of the remembered requests, and a channel that is closed at
// the next change.
func (j *journal) watch() ([]Request, <-chan struct{}) {
	j.mu.Lock()
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	published, changed := j.published(), j.changed
	j.mu.Unlock()
	return copies(published), changed
}

// requests returns copies of the remembered requests.
func (j *journal) requests() []Request {
	j.mu.Lock()
	published := j.published()
	j.mu.Unlock()
	return copies(published)
}

// published returns the remembered requests. The caller must hold the lock.
func (j *journal) published() []*Request {
	out := make([]*Request, len(j.entries))
	for i, e := range j.entries {
		out[i] = e.request
	}
	return out
}

func copies(published []*Request) []Request {
	out := make([]Request, len(published))
	for i, r := range published {
		out[i] = *r
		out[i].Header = r.Header.Clone()
		out[i].Body = bytes.Clone(r.Body)
	}
	return out
}

// await returns a channel that is closed as soon as n requests for an operation have
// a response, and a function to stop waiting.
func (j *journal) await(op Operation, n int) (done <-chan struct{}, stop func()) {
	w := &countWaiter{op: op, n: n, done: make(chan struct{})}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.handled[op] >= n {
		close(w.done)
		return w.done, func() {}
	}
	j.counts = append(j.counts, w)
	return w.done, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.counts = slices.DeleteFunc(j.counts, func(other *countWaiter) bool { return other == w })
	}
}

// total returns how many requests arrived since the last forget.
func (j *journal) total() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.arrived
}
