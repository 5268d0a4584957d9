//go:build tools

package exportbuckets

// The generator that generate.go runs, pinned in go.mod so that `go generate`
// gives the same bytes on every machine.
import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
)
