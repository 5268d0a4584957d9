package corpus_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/corpus"
)

const small = `{"log":{"entries":[
 {"request":{"url":"/groups/b0123456789abcdef012345b"},"response":{"content":{"text":"{\"_id\":\"696d9e87be62a6a451c8b695\",\"bucketName\":\"snaps\"}"}}},
 {"request":{"url":"/groups/b0123456789abcdef012345b/696d9e87be62a6a451c8b695"},"response":{"content":{"text":""}}}]}}`

func TestMultiplyVariesEveryRound(t *testing.T) {
	var out bytes.Buffer
	if err := corpus.Multiply(&out, 5, []byte(small)); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Log struct {
			Entries []struct {
				Request  struct{ URL string }
				Response struct{ Content struct{ Text string } }
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	entries := got.Log.Entries
	if len(entries) != 5 {
		t.Fatalf("%d entries", len(entries))
	}
	var first, second struct{ ID, BucketName string }
	for i, into := range []*struct{ ID, BucketName string }{&first, &second} {
		text := strings.Replace(entries[2*i].Response.Content.Text, "_id", "ID", 1)
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("entry %d: %v", 2*i, err)
		}
		if len(into.ID) != 24 || !strings.HasSuffix(entries[2*i+1].Request.URL, into.ID) {
			t.Errorf("the id %s of entry %d differs from that of %s", into.ID, 2*i, entries[2*i+1].Request.URL)
		}
	}
	if first == second || first.BucketName == second.BucketName {
		t.Errorf("two rounds are equal: %+v", first)
	}
}

func TestMultiplyRefuses(t *testing.T) {
	for _, text := range []string{`{"log":{"entries":[]}}`, `{`} {
		if err := corpus.Multiply(&bytes.Buffer{}, 5, []byte(text)); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}
