package tokenauth

import (
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// TestTokensInGrowth checks that the search for tokens allocates in proportion to the body,
// even if the body contains the beginnings of many tokens and the end of none.
func TestTokensInGrowth(t *testing.T) {
	for name, unit := range map[string]string{
		"tokens":          `{"access_token":"abc"}`,
		"open texts":      `"access_token":"`,
		"forms":           "id_token=abc&",
		"names only":      "refresh_token",
		"escapes":         `"access_token":"\\\\\"`,
		"names in quotes": `"access_token"`,
	} {
		limitstest.MemoryGrowth(t, name, 1000, func(n int) string { return strings.Repeat(unit, n) }, func(text string) { TokensIn([]byte(text)) })
	}
}
