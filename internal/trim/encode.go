package trim

import (
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Encode writes the document as YAML, as oas.Encode does.
func (d *Document) Encode() ([]byte, error) {
	data, err := oas.Encode(d.Root())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name(), err)
	}
	return data, nil
}
