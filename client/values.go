package client

import (
	"bytes"
	"fmt"
)

// maxValues bounds the JSON values of a response: 100,000, ten times those of a page of 500
// buckets. Decoded, values of a few bytes take far more memory than their text.
const maxValues = 100_000

// checkValues returns an error that matches [ErrTooLarge] for a text with more JSON values
// than maxValues.
func checkValues(data []byte) error {
	if countValues(data) > maxValues {
		return fmt.Errorf("%w: it has more than %d JSON values", ErrTooLarge, maxValues)
	}
	return nil
}

// countValues returns the number of values in a JSON text, or a greater number if that is
// not more than maxValues. Before each value but the first, and in each empty object or
// array, there is one of three characters.
func countValues(data []byte) int {
	most := 1
	for _, before := range []string{",", "{", "["} {
		most += bytes.Count(data, []byte(before))
	}
	if most <= maxValues {
		return most // the count that includes the characters in texts is enough
	}
	values, inText := 1, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			inText = !inText
		case inText && c == '\\':
			i++
		case !inText && (c == ',' || c == '{' || c == '['):
			values++
		}
	}
	return values
}
