// Command light lists a project's export buckets with the client: the cost of a program
// that imports it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	c, err := client.FromEnv()
	if err != nil {
		return err
	}
	for b, err := range c.List(ctx, "", nil) {
		if err != nil {
			return err
		}
		fmt.Println(b.ID, b.BucketName())
	}
	return c.Close(ctx)
}
