// Package contract is an example of code that calls Atlas, with its tests:
// against a fake Atlas that sometimes fails, and against recorded responses of
// the real one.
package contract

import (
	"context"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// CountByProvider counts the export buckets of a project by cloud provider.
func CountByProvider(ctx context.Context, c *client.Client, project string) (map[client.CloudProvider]int, error) {
	count := make(map[client.CloudProvider]int)
	for bucket, err := range c.List(ctx, project, nil) {
		if err != nil {
			return nil, err
		}
		count[bucket.CloudProvider()]++
	}
	return count, nil
}
