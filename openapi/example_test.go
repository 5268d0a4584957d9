package openapi_test

import (
	"fmt"
	"log"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

func ExampleLoad() {
	contract, err := openapi.Load(openapi.V20240530)
	if err != nil {
		log.Fatal(err)
	}
	item := contract.Paths.Find("/api/atlas/v2/groups/{groupId}/backup/exportBuckets/{exportBucketId}")
	fmt.Println(item.Delete.OperationID)
	for mediaType := range item.Delete.Responses.Status(204).Value.Content {
		fmt.Println(mediaType)
	}
	// Output:
	// deleteExportBucket
	// application/vnd.atlas.2023-01-01+json
}
