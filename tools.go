//go:build tools

package exportbuckets

// What go.mod pins without linking it: the generator that `exportbuckets generate`
// runs, so that its versions are updated with all others.
import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
