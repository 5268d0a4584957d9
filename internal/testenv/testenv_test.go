package testenv

import (
	"os"
	"testing"
)

// TestUnsetAtlas checks that the variables of Atlas are unset, and no others.
func TestUnsetAtlas(t *testing.T) {
	for name, kept := range map[string]bool{"MONGODB_ATLAS_ACCESS_TOKEN": false, "MCLI_CLIENT_ID": false, "MONGODB_URI": true} {
		t.Setenv(name, "value")
		UnsetAtlas()
		if _, set := os.LookupEnv(name); set != kept {
			t.Errorf("%s is set: %t, want %t", name, set, kept)
		}
	}
}
