package contracttest_test

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
)

// A recording in the form that `curl -i` prints, after the head of the request.
const recorded = `GET /api/atlas/v2/groups/5f1e0c2ab7d94e6c83aa10f2/backup/exportBuckets/6b20e9d4c1874fa5b92e7712 HTTP/1.1
Host: cloud.mongodb.com
Accept: application/vnd.atlas.2024-05-30+json

HTTP/1.1 200 OK
Content-Type: application/vnd.atlas.2024-05-30+json

{"_id":"6b20e9d4c1874fa5b92e7712","bucketName":"ledger-archive","cloudProvider":"GPC","roleId":"7c41aa02be5d4f19a6033d71"}
`

func ExampleVerify() {
	recordings := fstest.MapFS{"get.http": {Data: []byte(recorded)}}
	report, err := contracttest.Verify(recordings, contracttest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		fmt.Printf("%s:%d %s at %s: %s, not %s; %s\n", f.Recording.File, f.Recording.Line, f.Rule, f.Pointer, f.Expected, f.Actual, f.Hint)
	}
	// Output: get.http:1 schema at /cloudProvider: one of AWS, AZURE, GCP, not GPC; did you mean GCP?
}

// In a test, Run creates one subtest per exchange.
func ExampleRun() {
	_ = func(t *testing.T) { // TestRecordings
		contracttest.Run(t, os.DirFS("testdata/recordings"), contracttest.Options{MinCoverage: 20})
	}
	// Output:
}
