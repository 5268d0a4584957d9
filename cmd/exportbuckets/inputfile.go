package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// standardInput is what reports and errors call the input that "-" names.
const standardInput = "standard input"

// shownName is what a report calls an input.
func shownName(file string) string {
	if file == "-" {
		return standardInput
	}
	return file
}

// readSpec reads the specification in a file, or on standard input for "-". It returns
// what to call it. It reads one byte more than a specification may have: the parser then
// refuses it by name.
func readSpec(cmd *cobra.Command, file string) (name string, data []byte, err error) {
	in := cmd.InOrStdin()
	name = shownName(file)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return name, nil, err
		}
		defer f.Close()
		in = f
	}
	if data, err = io.ReadAll(io.LimitReader(in, trim.MaxBytes+1)); err != nil {
		return name, nil, fmt.Errorf("%s: %w", name, err)
	}
	return name, data, nil
}

// oneStdin refuses a command line on which "-" names standard input more than once.
func oneStdin(files ...string) error {
	n := 0
	for _, file := range files {
		if file == "-" {
			n++
		}
	}
	if n > 1 {
		return errors.New("standard input can be read once only: - stands for it twice")
	}
	return nil
}
