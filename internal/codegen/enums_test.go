package codegen

import (
	"fmt"
	"strings"
	"testing"
)

// enumOf returns an enum of n values.
func enumOf(n int) string {
	values := make([]string, n)
	for i := range values {
		values[i] = fmt.Sprintf("V%d", i)
	}
	return "{type: string, enum: [" + strings.Join(values, ", ") + "]}"
}

func TestLargeEnums(t *testing.T) {
	document := fmt.Sprintf("components:\n  schemas:\n    A: %s\n    B: %s\n    C: {type: object, properties: {d: %s}}\n",
		enumOf(LargeEnum), enumOf(LargeEnum+1), enumOf(LargeEnum+50))
	if enums, largest := LargeEnums([]byte(document)); enums != 2 || largest != LargeEnum+50 {
		t.Errorf("%d large enums, the largest of %d values; want 2 and %d", enums, largest, LargeEnum+50)
	}
	if enums, largest := LargeEnums([]byte("][")); enums != 0 || largest != 0 {
		t.Errorf("%d large enums of %d values in a text that is not YAML", enums, largest)
	}
}
