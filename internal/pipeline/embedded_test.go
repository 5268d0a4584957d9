package pipeline_test

import (
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

func TestEmbedded(t *testing.T) {
	docs, err := pipeline.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	versions := openapi.Versions()
	if len(docs) != len(versions) {
		t.Fatalf("%d documents, want %d", len(docs), len(versions))
	}
	for i, doc := range docs {
		if doc.Name() != openapi.FileName(versions[i]) {
			t.Errorf("document %d is %s, want that of version %s", i, doc.Name(), versions[i])
		}
	}
	p, err := pipeline.EmbeddedProvenance()
	if err != nil || !oas.IsDate(p.Date) || p.Title == "" || p.Version == "" || len(p.SHA) != 40 {
		t.Errorf("%+v, %v", p, err)
	}
}
