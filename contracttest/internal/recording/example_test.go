package recording_test

import (
	"context"
	"errors"
	"fmt"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

var fsys = fstest.MapFS{
	"get.http": &fstest.MapFile{Data: []byte("GET /api/atlas/v2/groups HTTP/1.1\nHost: cloud.mongodb.com\n\nHTTP/2 200\ncontent-type: application/json\n\n{}\n")},
	"cut.har":  &fstest.MapFile{Data: []byte(`{"log":{"entries":[{"request":`)},
	"notes.md": &fstest.MapFile{Data: []byte("# Notes\n")},
}

// A file that cannot be read does not prevent the reading of the others.
func ExampleReader() {
	r := recording.NewReader(recording.InFS(fsys), recording.Options{})
	for x, err := range r.Exchanges(context.Background()) {
		var unreadable *recording.ReadError
		if errors.As(err, &unreadable) {
			fmt.Println(unreadable)
			continue
		}
		fmt.Println(x.Source.File, x.Request.URL, x.Response.Status)
	}
	s := r.Summary()
	fmt.Println(s.Exchanges, "read,", s.Failed, "failed,", s.Skipped, "skipped")
	// Output:
	// cut.har:1: entry 0: the file ends in the middle of its JSON: it is cut off
	// get.http https://cloud.mongodb.com/api/atlas/v2/groups 200
	// 1 read, 1 failed, 1 skipped
}

// Each calls the caller's function on several goroutines, and keeps the order of the
// results.
func ExampleEach() {
	r := recording.NewReader(recording.InFS(fsys, "get.http"), recording.Options{Workers: 4})
	for size, err := range recording.Each(context.Background(), r, func(x *recording.Exchange) int { return len(x.Response.Body.Bytes) }) {
		fmt.Println(size, err)
	}
	// Output: 2 <nil>
}
