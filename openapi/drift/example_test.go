package drift_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift"
)

func Example() {
	var source drift.Source
	upstream, err := source.Read(context.Background(), "testdata/base.yaml")
	if err != nil {
		log.Fatal(err)
	}
	baseline := upstream // the specification for which the client was written
	report, err := drift.Compare(context.Background(), drift.Options{
		Upstream: upstream, Baseline: &baseline,
		SunsetLead: drift.DefaultSunsetLead, AsOf: time.Date(2027, 5, 2, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict, report.ExitCode(drift.Planning))
	fmt.Println(report.Changes[0].Message)
	// Output:
	// planning 3
	// listExportBuckets: resource version 2023-01-01 is switched off on 2027-07-01 (60 days left)
}
