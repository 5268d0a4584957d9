package recording

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
)

// TestResultsWaitWithinBudget checks that a limited number of entries is decoded while the
// result of an earlier entry is missing, because their results stay in memory until then.
func TestResultsWaitWithinBudget(t *testing.T) {
	const size = 1 << 20
	entry := `{"request":{"method":"GET","url":"https://cloud.mongodb.com/"},"response":{"status":200,"content":{"text":"` + strings.Repeat("x", size-200) + `"}}}`
	files := fstest.MapFS{"a.har": {Data: []byte(`{"log":{"version":"1.2","entries":[` + strings.Repeat(entry+",", 19) + entry + `]}}`)}}
	synctest.Test(t, func(t *testing.T) {
		r := NewReader(InFS(files), Options{Workers: 8, MaxEntryBytes: 4 * size})
		first := make(chan struct{})
		var started, returned atomic.Int32
		go func() {
			for _, err := range Each(t.Context(), r, func(x *Exchange) *Exchange {
				started.Add(1)
				if x.Source.Entry == 0 {
					<-first
				}
				return x
			}) {
				if err != nil {
					t.Error(err)
				}
				returned.Add(1)
			}
		}()
		synctest.Wait()
		if n := started.Load(); n < 2 || n > 4 {
			t.Errorf("%d entries of 1 MiB were decoded with a budget of 4 MiB", n)
		}
		close(first)
		synctest.Wait()
		if returned.Load() != 20 {
			t.Errorf("%d of 20 entries were returned", returned.Load())
		}
	})
}

// hundredEntries returns a HAR of a hundred small entries.
func hundredEntries() fstest.MapFS {
	const entry = `{"request":{"method":"GET","url":"https://cloud.mongodb.com/"},"response":{"status":200}}`
	return fstest.MapFS{"a.har": {Data: []byte(`{"log":{"version":"1.2","entries":[` + strings.Repeat(entry+",", 99) + entry + `]}}`)}}
}

// largeResult is a result of 1 MiB.
type largeResult struct{}

func (largeResult) Size() int { return 1 << 20 }

// TestLargeResultsWaitWithinBudget checks that results that are larger than their entries
// count with their own size, and that reading continues when they are returned.
func TestLargeResultsWaitWithinBudget(t *testing.T) {
	files := hundredEntries()
	synctest.Test(t, func(t *testing.T) {
		r := NewReader(InFS(files), Options{Workers: 2, MaxEntryBytes: 4 << 20})
		first := make(chan struct{})
		var started, returned atomic.Int32
		go func() {
			for range Each(t.Context(), r, func(x *Exchange) largeResult {
				started.Add(1)
				if x.Source.Entry == 0 {
					<-first
				}
				return largeResult{}
			}) {
				returned.Add(1)
			}
		}()
		synctest.Wait()
		if n := started.Load(); n != 5 { // the first entry, three entries whose results fit, and one that waits
			t.Errorf("%d entries were decoded, want 5", n)
		}
		close(first)
		synctest.Wait()
		if returned.Load() != 100 {
			t.Errorf("%d of 100 results were returned", returned.Load())
		}
	})
}

// TestReadingStopsWhileResultsWait checks that no goroutine remains if a caller stops while
// a worker waits for the budget.
func TestReadingStopsWhileResultsWait(t *testing.T) {
	files := hundredEntries()
	synctest.Test(t, func(t *testing.T) {
		for range Each(t.Context(), NewReader(InFS(files), Options{Workers: 2, MaxEntryBytes: 2 << 20}), func(*Exchange) largeResult { return largeResult{} }) {
			synctest.Wait() // the workers are waiting
			break
		}
	})
}
