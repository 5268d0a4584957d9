// Package limits bounds the cost of reading untrusted input.
//
// A reader takes a [Limits] value, or has a default one, and creates a [Budget] from it for
// each input. It spends the budget before it does the work:
//
//	budget := limits.New(limits.Limits{Bytes: 64 << 20, Nodes: 2_500_000, Work: 50_000_000, Depth: 200})
//	data, err := budget.ReadAll(r)           // Bytes: the size of the input
//	err = budget.Nodes(1)                    // Nodes: what the reader keeps in memory
//	err = budget.Depth(depth)                // Depth: before it descends, not after
//	err = budget.Work(int64(len(candidates))) // Work: before each loop over input
//
// The first refusal is final: every later call returns the same error. The error is an
// [*ExceededError], which names the bound. The reader adds the operation and the place with
// [At]:
//
//	return limits.At(err, "getCluster", "/components/schemas/Cluster")
//
// Work is counted in steps. A step is one comparison, lookup or copy of an element. If the
// steps of a reader are proportional to its input (n log n if it sorts), a smaller input
// never needs a larger budget. [Budget.Used] makes this testable: see package limitstest.
package limits

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Limits are the largest amounts that reading one input may take. A zero field means no
// limit.
type Limits struct {
	// Bytes is the size of the input in bytes.
	Bytes int64
	// Nodes is the number of values that the reader keeps, including derived ones.
	Nodes int64
	// Work is the number of steps: comparisons, lookups and copied elements.
	Work int64
	// Depth is the nesting depth of values, and the length of a chain of references.
	Depth int
}

// Budget is the remaining part of the limits while one input is read. It is not safe for
// concurrent use. A nil Budget is not limited.
type Budget struct {
	limits Limits
	used   Limits
	err    error
	// canceled is the Err method of a context, or nil.
	canceled func() error
}

// New returns a full budget.
func New(l Limits) *Budget { return &Budget{limits: l} }

// WithContext makes b refuse every request once ctx is done, with the error of ctx, and
// returns b. Work that spends a budget therefore ends soon after it is canceled.
func (b *Budget) WithContext(ctx context.Context) *Budget {
	b.canceled = ctx.Err
	return b
}

// Used returns the amounts spent so far. Its Depth is the greatest depth reached.
func (b *Budget) Used() Limits {
	if b == nil {
		return Limits{}
	}
	return b.used
}

// Err returns the first refusal, or nil.
func (b *Budget) Err() error {
	if b == nil {
		return nil
	}
	return b.err
}

// Bytes spends n bytes of input.
func (b *Budget) Bytes(n int64) error {
	if b == nil {
		return nil
	}
	return b.spend(&b.used.Bytes, n, b.limits.Bytes, "bytes")
}

// Nodes spends n values that are kept in memory.
func (b *Budget) Nodes(n int64) error {
	if b == nil {
		return nil
	}
	return b.spend(&b.used.Nodes, n, b.limits.Nodes, "nodes")
}

// Work spends n steps.
func (b *Budget) Work(n int64) error {
	if b == nil {
		return nil
	}
	return b.spend(&b.used.Work, n, b.limits.Work, "steps of work")
}

// Depth returns an error for a depth beyond the limit. The top level has the depth 0.
func (b *Budget) Depth(depth int) error {
	if b == nil {
		return nil
	}
	b.used.Depth = max(b.used.Depth, depth)
	if b.err == nil && b.limits.Depth > 0 && depth > b.limits.Depth {
		b.err = &ExceededError{Bound: "levels of nesting", Limit: int64(b.limits.Depth)}
	}
	return b.err
}

func (b *Budget) spend(used *int64, n, limit int64, bound string) error {
	*used += n
	if b.err == nil && b.canceled != nil {
		b.err = b.canceled()
	}
	if b.err == nil && limit > 0 && *used > limit {
		b.err = &ExceededError{Bound: bound, Limit: limit}
	}
	return b.err
}

// ReadAll reads all of r, but not more than the remaining bytes of the budget. If reading
// fails, it returns the data read until then with the error.
func (b *Budget) ReadAll(r io.Reader) ([]byte, error) {
	if b != nil && b.limits.Bytes > 0 {
		r = io.LimitReader(r, max(b.limits.Bytes-b.used.Bytes, 0)+1)
	}
	data, err := io.ReadAll(r)
	return data, errors.Join(b.Bytes(int64(len(data))), err)
}

// ReadFile reads a file of at most size bytes. Errors name the file.
func ReadFile(name string, size int64) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // the caller names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := New(Limits{Bytes: size}).ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// ExceededError reports that an input exceeds a limit.
type ExceededError struct {
	// Bound names the limit: "bytes", "nodes", "steps of work" or "levels of nesting".
	Bound string
	// Limit is the value of the limit.
	Limit int64
	// Operation and Place are where reading stopped, "" if unknown.
	Operation, Place string
}

// Error returns a text with the limit, the operation and the place.
func (e *ExceededError) Error() string {
	where := ""
	if e.Operation != "" {
		where = " in operation " + e.Operation
	}
	if e.Place != "" {
		where += " at " + e.Place
	}
	return fmt.Sprintf("more than %s %s%s; that is the limit", thousands(e.Limit), e.Bound, where)
}

// At adds an operation and a place to an [*ExceededError] that has none. It returns any other
// error unchanged.
func At(err error, operation, place string) error {
	var exceeded *ExceededError
	if !errors.As(err, &exceeded) {
		return err
	}
	located := *exceeded
	if located.Operation == "" {
		located.Operation = operation
	}
	if located.Place == "" {
		located.Place = place
	}
	return &located
}

// thousands writes a number with commas between groups of three digits.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	return out.String()
}
