// Command multiply writes a large HAR to standard output, which consists of the entries of
// small ones: multiply COUNT FILE.har…
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/corpus"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "multiply:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: multiply COUNT FILE.har…")
	}
	count, err := strconv.Atoi(args[0])
	if err != nil {
		return fmt.Errorf("COUNT: %w", err)
	}
	var hars [][]byte
	for _, name := range args[1:] {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		hars = append(hars, text)
	}
	return corpus.Multiply(os.Stdout, count, hars...)
}
