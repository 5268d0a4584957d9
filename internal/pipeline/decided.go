package pipeline

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// Decision is the decision of a correction about one place.
type Decision struct {
	ID, Reason string
	// Wrong is the upstream value that the correction replaces, as JSON with sorted keys.
	// drift reports any other upstream value as a change.
	Wrong string
}

// Decided returns the decisions of the contract's corrections by pointer in the corrected
// contract. An action lists them in the extension x-decides. At these places, package drift
// uses the contract's value. The map is shared: callers must not change it.
func Decided() (map[string]Decision, error) { return decided() }

// decided reads the decisions once, because the corrections are embedded.
var decided = sync.OnceValues(func() (map[string]Decision, error) {
	source, err := openapi.Recipe(correctionsFile)
	if err != nil {
		return nil, err
	}
	return decisions(correctionsFile, source)
})

// decisions reads the decisions in an overlay.
func decisions(name string, overlayYAML []byte) (map[string]Decision, error) {
	o, err := parseOverlay(name, overlayYAML, limits.New(overlayLimits))
	if err != nil {
		return nil, err
	}
	out := make(map[string]Decision)
	for i, action := range o.Actions {
		id, _ := action.Extensions["x-correction"].(string)
		places, isMapping := action.Extensions["x-decides"].(map[string]any)
		if !isMapping && action.Extensions["x-decides"] != nil {
			return nil, fmt.Errorf("%s: action %d: x-decides must map pointers to upstream's values", name, i+1)
		}
		for place, value := range places {
			wrong, err := json.Marshal(value)
			if err != nil {
				return nil, fmt.Errorf("%s: action %d: %w", name, i+1, err)
			}
			out[place] = Decision{ID: id, Reason: action.Description, Wrong: string(wrong)}
		}
	}
	return out, nil
}
