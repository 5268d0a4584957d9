package fakeatlas

import (
	"strings"
	"testing"
)

func TestBucketNames(t *testing.T) {
	const all = AWS + "," + Azure + "," + GCP
	for _, tt := range []struct {
		name string
		ok   Provider // the providers that allow a bucket of that name, joined by commas
	}{
		{"snapshots", all},
		{"a-1", all},
		{"0ab", all},
		{strings.Repeat("a", 63), all},
		{strings.Repeat("a", 64), ""},
		{"ab", ""},
		{"", ""},
		{"Snapshots", ""},
		{"snap shots", ""},
		{"snap/shots", ""},
		{"snap\x00shots", ""},
		{"snäpshots", ""},
		{"-snapshots", ""},
		{"snapshots-", ""},
		{"$root", ""},
		{"snap.shots", AWS + "," + GCP},
		{"snap..shots", ""},
		{".snapshots", ""},
		{"snap_shots", GCP},
		{"_snapshots", ""},
		{"snap--shots", AWS + "," + GCP},
		{"192.168.5.4", ""},
		{"192.168.5", AWS + "," + GCP},
		{"xn--snapshots", GCP},
		{"sthree-snapshots", Azure + "," + GCP},
		{"amzn-s3-demo-snapshots", Azure + "," + GCP},
		{"snapshots-s3alias", Azure + "," + GCP},
		{"snapshots--ol-s3", GCP},
		{"snapshots.mrap", GCP},
		{"snapshots--x-s3", GCP},
		{"goog-snapshots", AWS + "," + Azure},
		{"my-google-snapshots", AWS + "," + Azure},
		{"my-g00gle-snapshots", AWS + "," + Azure},
	} {
		for _, provider := range []Provider{AWS, Azure, GCP} {
			want := strings.Contains(","+string(tt.ok)+",", ","+string(provider)+",")
			if got := canBeBucketName(provider, tt.name); got != want {
				t.Errorf("%s %q: %t, want %t", provider, tt.name, got, want)
			}
		}
	}
}
