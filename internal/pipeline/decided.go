package pipeline

import (
	"encoding/json"
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// Decision is a correction's decision on one place.
type Decision struct {
	ID, Reason string
	// Wrong is upstream's value that the correction replaces, as JSON with sorted keys.
	// Any other value is news.
	Wrong string
}

// Decided lists the decisions of the contract's corrections, by pointers in the corrected
// contract, as the extension x-decides of an action lists them. Package drift takes the
// contract's value there.
func Decided() (map[string]Decision, error) {
	source, err := openapi.Recipe(correctionsFile)
	if err != nil {
		return nil, err
	}
	o, err := parseOverlay(correctionsFile, source)
	if err != nil {
		return nil, err
	}
	decided := make(map[string]Decision)
	for i, action := range o.Actions {
		id, _ := action.Extensions["x-correction"].(string)
		places, isMapping := action.Extensions["x-decides"].(map[string]any)
		if !isMapping && action.Extensions["x-decides"] != nil {
			return nil, fmt.Errorf("%s: action %d: x-decides must map pointers to upstream's values", correctionsFile, i+1)
		}
		for place, value := range places {
			wrong, err := json.Marshal(value)
			if err != nil {
				return nil, fmt.Errorf("%s: action %d: %w", correctionsFile, i+1, err)
			}
			decided[place] = Decision{ID: id, Reason: action.Description, Wrong: string(wrong)}
		}
	}
	return decided, nil
}
