package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// standardInput is the name of standard input in reports and errors.
const standardInput = "standard input"

// shownName returns the name of an input in reports and errors.
func shownName(file string) string {
	if file == "-" {
		return standardInput
	}
	return file
}

// readSpec reads a specification: see readInput.
func readSpec(cmd *cobra.Command, file string) (name string, data []byte, err error) {
	return readInput(cmd, file, oas.MaxBytes)
}

// readInput reads a file, or standard input for "-". It also returns the input's name for
// messages. If the input is larger than size, it reads one byte more than that, so that the
// parser returns the error.
func readInput(cmd *cobra.Command, file string, size int64) (name string, data []byte, err error) {
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
	if data, err = io.ReadAll(io.LimitReader(in, size+1)); err != nil {
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
		return errors.New("standard input can be read only once: pass - for one input")
	}
	return nil
}
