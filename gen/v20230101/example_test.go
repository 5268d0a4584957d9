package v20230101_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/gen/v20230101"
)

// The client lists buckets with an HTTP client that authenticates.
func ExampleClientWithResponses() {
	atlas, err := fakeatlas.Start(fakeatlas.Buckets(2, fakeatlas.AWS))
	if err != nil {
		log.Fatal(err)
	}
	defer atlas.Close()

	auth := &http.Client{Transport: &digest.Transport{Username: atlas.PublicKey, Password: atlas.PrivateKey}}
	api, err := v20230101.NewClientWithResponses(atlas.URL, v20230101.WithHTTPClient(auth))
	if err != nil {
		log.Fatal(err)
	}
	response, err := api.ListExportBucketsWithResponse(context.Background(), atlas.ProjectID, nil)
	if err != nil {
		log.Fatal(err)
	}
	if response.JSON200 == nil {
		log.Fatal(response.Status())
	}
	for _, bucket := range response.JSON200.Results {
		fmt.Println(bucket.CloudProvider)
	}
	// Output:
	// AWS
	// AWS
}
