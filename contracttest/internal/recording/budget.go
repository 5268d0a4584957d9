package recording

import "sync"

// memoryBudget bounds the bytes of the entries that are under way: of their text until they
// are decoded, and of their results until these are taken, in the order of the recording.
// The entry whose result is taken next is exempt, because all others wait for it.
type memoryBudget struct {
	mu      sync.Mutex
	freed   *sync.Cond
	room    int64 // the bytes that are left; negative if the exempt entry took more
	next    int   // the number of the entry whose result is taken next
	stopped bool
}

func newMemoryBudget(bytes int) *memoryBudget {
	b := &memoryBudget{room: int64(bytes)}
	b.freed = sync.NewCond(&b.mu)
	return b
}

// resize changes the bytes that an entry takes; it waits until there is room for them.
func (b *memoryBudget) resize(number int, from, to int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.room < to-from && to > from && number != b.next && !b.stopped {
		b.freed.Wait()
	}
	b.room += from - to
	b.freed.Broadcast()
}

// taken releases the bytes of the entry whose result was taken.
func (b *memoryBudget) taken(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.room += bytes
	b.next++
	b.freed.Broadcast()
}

// stop ends all waiting, for good.
func (b *memoryBudget) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
	b.freed.Broadcast()
}
