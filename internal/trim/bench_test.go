package trim_test

import (
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

var exportBuckets = trim.Selection{
	Operations: []string{"listExportBuckets", "createExportBucket", "getExportBucket", "updateBackupExportBucket", "deleteExportBucket"},
	Version:    "2024-05-30",
}

// BenchmarkTrimUpstream extracts the five operations from the real file of 4 MB, from bytes
// to bytes, and compares that with only parsing the same bytes. The ratio shows the cost of
// the extraction in addition to reading. B/op is the sum of all allocations; the peak is
// lower.
func BenchmarkTrimUpstream(b *testing.B) {
	upstream(b)
	data, err := os.ReadFile(upstreamFile)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("parse alone", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var root yaml.Node
			if err := yaml.Unmarshal(data, &root); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("trim", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			doc, err := oas.ParseBytes(upstreamFile, data)
			if err != nil {
				b.Fatal(err)
			}
			cut(b, doc, exportBuckets)
		}
	})
}
