//go:build tools

package exportbuckets

// This file pins the generator that `exportbuckets generate` runs, without linking it, so
// that its versions are updated together with all others.
import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
