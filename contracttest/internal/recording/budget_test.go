package recording

import (
	"io/fs"
	"strconv"
	"testing"
	"testing/fstest"
	"testing/synctest"
)

// TestMemoryBudget checks which changes of an entry's size wait until others are returned. A
// call that waits when it must not is a deadlock.
func TestMemoryBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newMemoryBudget(10)
		b.resize(1, 0, 7)
		b.resize(1, 7, 10)  // exactly the rest
		b.resize(0, 0, 5)   // exempt: its result is returned next
		b.resize(1, 10, 10) // takes no more
		done := false
		go func() {
			b.resize(2, 0, 1)
			done = true
		}()
		for _, returned := range []int64{5, 10} {
			if synctest.Wait(); done {
				t.Errorf("entry 2 did not wait for the %d bytes of another", returned)
			}
			b.taken(returned)
		}
		if synctest.Wait(); !done {
			t.Error("entry 2 still waits")
		}
	})
}

// TestFileBound checks that MaxFiles files of a folder are read, and that more are an error.
func TestFileBound(t *testing.T) {
	info, err := fs.Stat(fstest.MapFS{"a": {}}, "a")
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]int{MaxFiles: 0, MaxFiles + 1: 1} {
		in := InFS(fstest.MapFS{})
		in.tree.walk = func(_ string, fn fs.WalkDirFunc) error {
			for i := range n {
				if err := fn(strconv.Itoa(i), fs.FileInfoToDirEntry(info), nil); err != nil {
					return err
				}
			}
			return nil
		}
		used, failed := 0, 0
		in.files(func(found) bool { used++; return true }, func(string, error) bool { failed++; return true })
		if used != MaxFiles || failed != want {
			t.Errorf("%d files: %d are read, %d errors, want %d", n, used, failed, want)
		}
	}
}
