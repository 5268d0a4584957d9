package limits_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

func TestBudgetRefuses(t *testing.T) {
	small := limits.Limits{Bytes: 100, Nodes: 1000, Work: 2_000_000, Depth: 5}
	for _, test := range []struct {
		name        string
		spend, over func(*limits.Budget) error
		want        string
	}{
		{"bytes", func(b *limits.Budget) error { return b.Bytes(100) }, func(b *limits.Budget) error { return b.Bytes(1) }, "more than 100 bytes; that is the limit"},
		{"nodes", func(b *limits.Budget) error { return b.Nodes(1000) }, func(b *limits.Budget) error { return b.Nodes(1) }, "more than 1,000 nodes; that is the limit"},
		{"work", func(b *limits.Budget) error { return b.Work(2_000_000) }, func(b *limits.Budget) error { return b.Work(1) }, "more than 2,000,000 steps of work; that is the limit"},
		{"depth", func(b *limits.Budget) error { return b.Depth(5) }, func(b *limits.Budget) error { return b.Depth(6) }, "more than 5 levels of nesting; that is the limit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := limits.New(small)
			if err := test.spend(b); err != nil {
				t.Fatalf("an amount equal to the limit is refused: %v", err)
			}
			err := test.over(b)
			if err == nil || err.Error() != test.want {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if later := b.Nodes(1); !errors.Is(later, err) || !errors.Is(b.Err(), err) {
				t.Errorf("a later call returns %v, not the first refusal", later)
			}
		})
	}
}

func TestZeroLimitAndNilBudget(t *testing.T) {
	for _, b := range []*limits.Budget{nil, limits.New(limits.Limits{})} {
		if err := errors.Join(b.Bytes(1<<40), b.Nodes(1<<40), b.Work(1<<40), b.Depth(1<<30), b.Err()); err != nil {
			t.Error(err)
		}
		if data, err := b.ReadAll(strings.NewReader("the whole input")); err != nil || string(data) != "the whole input" {
			t.Errorf("%q, %v", data, err)
		}
	}
}

func TestUsed(t *testing.T) {
	b := limits.New(limits.Limits{})
	_ = errors.Join(b.Bytes(3), b.Nodes(4), b.Work(5), b.Work(6), b.Depth(7), b.Depth(2))
	if got, want := b.Used(), (limits.Limits{Bytes: 3, Nodes: 4, Work: 11, Depth: 7}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestReadAll(t *testing.T) {
	b := limits.New(limits.Limits{Bytes: 8})
	if data, err := b.ReadAll(strings.NewReader("12345678")); err != nil || len(data) != 8 {
		t.Errorf("%q, %v", data, err)
	}
	for _, test := range []struct{ limit, used, want int }{{1000, 0, 1001}, {1000, 990, 11}, {1000, 1500, 1}} {
		endless := limits.New(limits.Limits{Bytes: int64(test.limit)})
		_ = endless.Bytes(int64(test.used))
		if data, err := endless.ReadAll(zeros{}); err == nil || len(data) != test.want {
			t.Errorf("of an endless input %d bytes are read after %d of %d; want %d and an error (%v)", len(data), test.used, test.limit, test.want, err)
		}
	}
	broken := io.MultiReader(strings.NewReader("beside"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if data, err := limits.New(limits.Limits{Bytes: 100}).ReadAll(broken); string(data) != "beside" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q, %v", data, err)
	}
}

// zeros is an infinite input.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestAt(t *testing.T) {
	b := limits.New(limits.Limits{Nodes: 1})
	err := fmt.Errorf("spec.yaml: %w", b.Nodes(2))
	located := limits.At(err, "getCluster", "/components/schemas/Cluster")
	const want = "more than 1 nodes in operation getCluster at /components/schemas/Cluster; that is the limit"
	if located.Error() != want {
		t.Errorf("%q, want %q", located, want)
	}
	if again := limits.At(located, "other", "/other"); again.Error() != want {
		t.Errorf("At replaced a place: %q", again)
	}
	if other := errors.New("other"); !errors.Is(limits.At(other, "getCluster", ""), other) || limits.At(nil, "", "") != nil {
		t.Error("At changed an error that is not an ExceededError")
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := limits.New(limits.Limits{Work: 10}).WithContext(ctx)
	if err := b.Work(1); err != nil {
		t.Error(err)
	}
	cancel()
	for name, err := range map[string]error{"work": b.Work(1), "nodes": b.Nodes(1), "err": b.Err()} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v after the context was canceled", name, err)
		}
	}
}

func TestReadFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "five")
	if err := os.WriteFile(name, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := limits.ReadFile(name, 5); err != nil || string(data) != "12345" {
		t.Errorf("5 bytes of at most 5: %q, %v", data, err)
	}
	var exceeded *limits.ExceededError
	if _, err := limits.ReadFile(name, 4); !errors.As(err, &exceeded) || exceeded.Limit != 4 {
		t.Errorf("5 bytes of at most 4: %v", err)
	}
	if _, err := limits.ReadFile(name+"x", 4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}
