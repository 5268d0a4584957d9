package limitstest

import (
	"strconv"
	"strings"
)

// List joins n members with commas.
func List(n int, member func(i int) string) string {
	var out strings.Builder
	for i := range n {
		if i > 0 {
			out.WriteString(", ")
		}
		out.WriteString(member(i))
	}
	return out.String()
}

// Numbered repeats a text n times. Each %d in it is replaced by the number of the
// repetition, from 0.
func Numbered(n int, text string) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.ReplaceAll(text, "%d", strconv.Itoa(i)))
	}
	return out.String()
}

// NumberedList is [Numbered] with commas between the repetitions.
func NumberedList(n int, text string) string {
	return List(n, func(i int) string { return strings.ReplaceAll(text, "%d", strconv.Itoa(i)) })
}
