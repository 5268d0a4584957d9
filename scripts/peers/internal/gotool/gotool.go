// Package gotool returns the Go command that the parts of make peers run.
package gotool

import "os"

// Name returns the Go command: the value of GO in the environment, by default go.
func Name() string {
	if name := os.Getenv("GO"); name != "" {
		return name
	}
	return "go"
}
