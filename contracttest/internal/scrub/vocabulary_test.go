package scrub_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/scrub"
)

// clusters is the vocabulary of a specification of other operations.
func clusters() *scrub.Vocabulary {
	v := &scrub.Vocabulary{
		PathWords: map[string]bool{},
		Query: map[string]scrub.Values{
			"since": {Time: true},
			"order": {Listed: map[string]bool{"BY NAME": true, "BY_DATE": true}},
			"name":  {},
		},
		Fields: map[string]scrub.Values{
			"state":     {Listed: map[string]bool{"IDLE": true}},
			"paused":    {Boolean: true},
			"diskSize":  {Integer: true},
			"created":   {Time: true},
			"X_OWN_KEY": {},
			"region":    {Listed: map[string]bool{"CENTRAL US": true}},
		},
	}
	v.AddPath("/v3/{group}/stream-jobs/{job}:stop")
	return v
}

func TestVocabularyOfFields(t *testing.T) {
	for in, want := range map[string]string{
		`{"state":"IDLE"}`:                          `{"state":"IDLE"}`,
		`{"state":"s3cret"}`:                        `{"state":"redacted"}`,
		`{"paused":"true","diskSize":"80"}`:         `{"paused":"true","diskSize":"80"}`,
		`{"paused":"80","diskSize":"true"}`:         `{"paused":"redacted","diskSize":"redacted"}`,
		`{"diskSize":"1234567890"}`:                 `{"diskSize":"redacted"}`,
		`{"created":"2024-05-30T10:11:12.345Z"}`:    `{"created":"2020-01-01T00:00:00Z"}`,
		`{"created":"2024-05-30"}`:                  `{"created":"redacted"}`,
		`{"state":"2024-05-30T10:11:12Z"}`:          `{"state":"redacted"}`,
		`{"X_OWN_KEY":"s3cret","X_NO_KEY":"IDLE"}`:  `{"X_OWN_KEY":"redacted","redacted1":"redacted"}`,
		`{"region":"CENTRAL US"}`:                   `{"region":"CENTRAL US"}`,
		`{"region":"us-east-1"}`:                    `{"region":"us-east-1"}`,
		`{"bucketName":"IDLE","_id":"IDLE"}`:        `{"bucketName":"bucket-000001","_id":"redacted"}`,
		`{"created":"` + bucket + `","state":null}`: `{"created":"d00000000000000000000001","state":null}`,
	} {
		s := newScrubber(t, scrub.Rules{Vocabulary: clusters()})
		if got := string(s.Body([]byte(in))); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestVocabularyOfURLs(t *testing.T) {
	for in, want := range map[string]string{
		"/v3/" + project + "/stream-jobs": "/v3/d00000000000000000000001/stream-jobs",
		"/{group}/{job}:stop/x":           "/redacted/redacted/redacted",
		"/api/atlas/v2/groups":            "/api/atlas/v2/groups",
		"?since=2024-05-30T10:11:12Z":     "?since=2020-01-01T00%3A00%3A00Z",
		"?since=2024-05-30T10%3A11%3A12Z": "?since=2020-01-01T00%3A00%3A00Z",
		"?since=yesterday&since":          "?since=redacted&since",
		"?order=BY_DATE&order=BY+NAME":    "?order=BY_DATE&order=BY+NAME",
		"?order=BY%20NAME&order=s3cret":   "?order=BY+NAME&order=redacted",
		"?name=s3cret&other=BY_DATE":      "?name=redacted&redacted=redacted",
		"?pageNum=2&name=" + bucket:       "?pageNum=2&name=d00000000000000000000001",
	} {
		s := newScrubber(t, scrub.Rules{Vocabulary: clusters()})
		if got := s.URL(in); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

// TestAddValues checks that every declaration of a name counts.
func TestAddValues(t *testing.T) {
	got := scrub.Values{}.Add(scrub.Values{Listed: map[string]bool{"A": true}, Boolean: true}).
		Add(scrub.Values{Listed: map[string]bool{"B": true}, Integer: true}).
		Add(scrub.Values{Time: true}).Add(scrub.Values{})
	want := scrub.Values{Listed: map[string]bool{"A": true, "B": true}, Boolean: true, Integer: true, Time: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
