// Package testenv prepares the environment of tests.
package testenv

import (
	"os"
	"strings"
)

// UnsetAtlas unsets the environment variables with credentials and settings of Atlas, which
// the client, the Atlas CLI and Terraform read, so that tests do not depend on those of the
// person who runs them. Call it in TestMain.
func UnsetAtlas() {
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "MONGODB_ATLAS_") || strings.HasPrefix(name, "MCLI_") {
			_ = os.Unsetenv(name) // fails only for a name that no variable can have
		}
	}
}
