// Package contract is code that calls Atlas, with the tests that it deserves: against
// a fake Atlas that has good and bad days, and over recorded answers of the real one.
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
