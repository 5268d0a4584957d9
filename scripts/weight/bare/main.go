// Command bare lists a project's export buckets with only net/http and encoding/json: the
// cost of a program before it imports the client.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

type page struct {
	Results []struct {
		ID         string `json:"_id"`
		BucketName string `json:"bucketName"`
	} `json:"results"`
}

func main() {
	for num := 1; ; num++ {
		p, err := get(context.Background(), num)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, b := range p.Results {
			fmt.Println(b.ID, b.BucketName)
		}
		if len(p.Results) < 500 {
			return
		}
	}
}

func get(ctx context.Context, num int) (*page, error) {
	url := fmt.Sprintf("https://cloud.mongodb.com/api/atlas/v2/groups/%s/backup/exportBuckets?itemsPerPage=500&pageNum=%d", os.Getenv("MONGODB_ATLAS_PROJECT_ID"), num)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/vnd.atlas.2024-05-30+json")
	req.Header.Set("Authorization", "Bearer "+os.Getenv("MONGODB_ATLAS_ACCESS_TOKEN"))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %s", res.Status)
	}
	var p page
	return &p, json.NewDecoder(res.Body).Decode(&p)
}
