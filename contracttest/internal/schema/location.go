package schema

import (
	"slices"
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// location is a place in a text, as a step from the enclosing place. Walks keep it instead
// of a pointer, because the pointers of all values of a deep text are much longer than the
// text.
type location struct {
	above *location // nil at the root of the walk
	start string    // the pointer of that place
	step  step
}

// step is a step from a value to a value inside it: a name, or a position.
type step struct {
	name     string
	position int // -1 for a name
}

func (l *location) member(name string) *location { return &location{above: l, step: step{name, -1}} }
func (l *location) item(i int) *location         { return &location{above: l, step: step{position: i}} }

// pointer returns the place as a pointer for findings.
func (l *location) pointer() string {
	var steps []step
	for ; l.above != nil; l = l.above {
		steps = append(steps, l.step)
	}
	slices.Reverse(steps)
	return pointerTo(l.start, steps)
}

// pointerTo returns the pointer of the place that steps lead to.
func pointerTo(pointer string, steps []step) string {
	for _, s := range steps {
		if len(pointer) > maxPointer {
			break
		}
		pointer = s.join(pointer)
	}
	return shortPointer(pointer)
}

// join adds the step to a pointer.
func (s step) join(pointer string) string {
	if s.position >= 0 {
		return pointer + "/" + strconv.Itoa(s.position)
	}
	return oas.Join(pointer, s.name)
}

// maxPointer is the length of the longest pointer in a failure, in bytes. The longest of the
// contract has about 60.
const maxPointer = 500

// shortPointer cuts a pointer to maxPointer bytes.
func shortPointer(pointer string) string { return phrase.Cut(pointer, maxPointer) }
