package recording_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// TestPanicFailsOneEntry checks that a panic in a worker is reported as the error of its
// exchange, and that the other exchanges are read.
func TestPanicFailsOneEntry(t *testing.T) {
	r := recording.NewReader(recording.InFS(files("a.har", har(entryWith(`"content":{}`), entryWith(`"content":{}`), entryWith(`"content":{}`)))), recording.Options{Workers: 2})
	var read []int
	var failed *recording.ReadError
	for n, err := range recording.Each(context.Background(), r, func(x *recording.Exchange) int {
		if x.Source.Entry == 1 {
			panic("boom")
		}
		return x.Source.Entry
	}) {
		if err == nil {
			read = append(read, n)
		} else if !errors.As(err, &failed) {
			t.Fatal(err)
		}
	}
	if len(read) != 2 || read[0] != 0 || read[1] != 2 {
		t.Errorf("read %v", read)
	}
	if failed == nil || failed.File != "a.har" || failed.Entry != 1 || !strings.Contains(failed.Error(), "boom") {
		t.Errorf("the error is %v", failed)
	}
}
