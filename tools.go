//go:build tools

package exportbuckets

// What go.mod pins without linking it: the generator that generate.go runs, so that
// `go generate` gives the same bytes on every machine, and the runtime of what the
// verb generate makes in other repositories.
import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	_ "github.com/oapi-codegen/runtime"
)
