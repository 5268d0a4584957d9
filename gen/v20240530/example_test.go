package v20240530_test

import (
	"context"
	"fmt"
	"log"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// The client lists buckets on the HTTP client of package client, which authenticates
// and retries.
func ExampleClientWithResponses() {
	atlas, err := fakeatlas.Start(fakeatlas.Buckets(3, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	if err != nil {
		log.Fatal(err)
	}
	defer atlas.Close()

	hc, err := client.NewHTTPClient(client.APIKey(atlas.PublicKey, atlas.PrivateKey), client.WithBaseURL(atlas.URL))
	if err != nil {
		log.Fatal(err)
	}
	api, err := v20240530.NewClientWithResponses(atlas.URL, v20240530.WithHTTPClient(hc))
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
		provider, _ := bucket.Discriminator()
		fmt.Println(provider)
	}
	// Output:
	// AWS
	// AZURE
	// GCP
}
