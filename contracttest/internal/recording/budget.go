package recording

import "sync"

// memoryBudget bounds the bytes of the entries in progress: those of their text until they
// are decoded, and those of their results until the results are returned, in the order of
// the recording. The entry whose result is returned next is exempt, because all other
// entries wait for it.
type memoryBudget struct {
	mu      sync.Mutex
	freed   *sync.Cond
	room    int64 // the remaining bytes; negative if the exempt entry took more
	next    int   // the number of the entry whose result is returned next
	stopped bool
}

func newMemoryBudget(bytes int) *memoryBudget {
	b := &memoryBudget{room: int64(bytes)}
	b.freed = sync.NewCond(&b.mu)
	return b
}

// resize changes the number of bytes of an entry, and waits until they are available.
func (b *memoryBudget) resize(number int, from, to int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.room < to-from && to > from && number != b.next && !b.stopped {
		b.freed.Wait()
	}
	b.room += from - to
	b.freed.Broadcast()
}

// taken releases the bytes of an entry whose result was returned.
func (b *memoryBudget) taken(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.room += bytes
	b.next++
	b.freed.Broadcast()
}

// stop ends all waiting, and later calls do not wait.
func (b *memoryBudget) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
	b.freed.Broadcast()
}
