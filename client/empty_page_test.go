package client_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// TestEmptyPage checks that a list continues after an empty page if Atlas's count or link
// shows that there are more buckets, and ends after two of them.
func TestEmptyPage(t *testing.T) {
	const next = `"links":[{"rel":"next","href":"https://cloud.mongodb.com/"}]`
	tests := []struct {
		name     string
		sizes    []int // of the pages; the last one is repeated
		total    int
		link     string
		want     int
		requests int
	}{
		{"counted", []int{10, 0, 5, 0}, 15, "", 15, 3},
		{"linked", []int{10, 0, 5, 0, 0}, 0, next, 15, 5},
		{"first", []int{0, 5}, 5, "", 5, 2},
		{"a count that is too high", []int{10, 3, 0}, 2_000_000, "", 13, 4},
		{"links without an end", []int{10, 0}, 0, next, 10, 3},
		{"the last page", []int{10, 0}, 0, "", 10, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var n counter
			c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
				n.next()
				num := pageNum(r.URL)
				size := test.sizes[min(num, len(test.sizes))-1]
				write(w, http.StatusOK, strings.TrimSuffix(pageOf(size, num*10, test.total), "}")+","+cmp.Or(test.link, `"links":[]`)+"}")
			})
			ids, err := collect(t.Context(), c, project, &client.ListOptions{ItemsPerPage: 10})
			if err != nil || len(ids) != test.want || n.count() != test.requests {
				t.Errorf("got %d buckets, %v, in %d requests, want %d in %d", len(ids), err, n.count(), test.want, test.requests)
			}
		})
	}
}
