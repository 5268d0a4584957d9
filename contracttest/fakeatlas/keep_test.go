package fakeatlas_test

import (
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestKeepRequests checks that a server shows the newest requests, and at most the
// configured number.
func TestKeepRequests(t *testing.T) {
	for _, tt := range []struct {
		keep int
		want []string
	}{
		{0, nil}, {1, []string{"3"}}, {2, []string{"2", "3"}}, {9, []string{"1", "2", "3"}},
	} {
		srv := fakeatlas.New(t, fakeatlas.InMemory(), fakeatlas.AllowUnknown(), fakeatlas.KeepRequests(tt.keep))
		for _, path := range []string{"/1", "/2", "/3"} {
			resp, err := srv.Client().Get(srv.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
		}
		var got []string
		for _, r := range srv.Requests() {
			got = append(got, r.Path[1:])
		}
		if len(got) != len(tt.want) || len(got) > 0 && (got[0] != tt.want[0] || got[len(got)-1] != "3") {
			t.Errorf("with %d kept: %q, want %q", tt.keep, got, tt.want)
		}
	}
}
