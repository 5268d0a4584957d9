package drift

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// mutation is one change to the contract, with its expected verdict.
type mutation struct {
	name string
	// at is the pointer of the changed place.
	at   string
	do   func(*yaml.Node)
	want Verdict
}

// ways contains the directions in which a schema is used.
type ways struct{ request, response bool }

func (w ways) worse(request, response Verdict) Verdict {
	switch {
	case !w.request && !w.response:
		return InSync
	case !w.response:
		return request
	case !w.request || response.Worse(request):
		return response
	}
	return request
}

// corrected returns a document with the contract's corrections applied. A mutation that the
// corrections undo must not be reported.
func corrected(t testing.TB, root *yaml.Node) *oas.Document {
	t.Helper()
	doc, err := oas.ParseBytes("mutated", encodeTree(t, root))
	if err != nil {
		t.Fatal(err)
	}
	out, err := pipeline.Correct(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func clone(root *yaml.Node) *yaml.Node { return oas.Clone(root) }

func TestEverySingleChangeIsOneEntry(t *testing.T) {
	for _, version := range []string{openapi.V20230101, openapi.V20240530} {
		root := contractTree(t, version)
		original := corrected(t, clone(root))
		all := append(schemaMutations(root), operationMutations(root)...)
		if len(all) < 500 {
			t.Errorf("only %d mutations of %s", len(all), version)
		}
		for part := range parts {
			t.Run(fmt.Sprintf("%s/%d", version, part), func(t *testing.T) {
				t.Parallel()
				for i := part; i < len(all); i += parts * stride() {
					holdMutation(t, root, all[i], original)
				}
			})
		}
	}
}

// parts is the number of tests among which the mutations are divided.
const parts = 4

func holdMutation(t *testing.T, root *yaml.Node, m mutation, original *oas.Document) {
	t.Helper()
	mutated := clone(root)
	m.do(mutated)
	r := compareTrees(t, nil, mutated)
	want, n := m.want, 1
	if want != InSync && r.Verdict == InSync && oas.Equal(corrected(t, mutated).Root(), original.Root()) {
		want = InSync
	}
	if want == InSync {
		n = 0
	}
	if r.Verdict != want || len(r.Changes) != n {
		t.Errorf("%s at %s: %s with %d entries, want %s\n%s", m.name, m.at, r.Verdict, len(r.Changes), want, formatChanges(r))
	}
}

// local reports whether a mutation changes nothing that contains the place of another
// mutation.
func local(m mutation) bool {
	for _, wide := range []string{"drop the operation", "drop the status", "drop property", "drop the branch", "drop items", "drop type", "change type", "drop the body", "now read-only", "now write-only", "no longer read-only", "give a type", "drop the enum"} {
		if strings.HasPrefix(m.name, wide) {
			return false
		}
	}
	return m.want != InSync && !strings.Contains(m.at, "security") && !strings.HasSuffix(m.at, "servers")
}

func apart(a, b mutation) bool {
	x, _, _ := strings.Cut(a.at, " ")
	y, _, _ := strings.Cut(b.at, " ")
	return !strings.HasPrefix(x+"/", y+"/") && !strings.HasPrefix(y+"/", x+"/") && !related(x, y)
}

// related reports whether two places are keywords of one schema that interact: a bound and
// its exclusive form, or a format and a pattern that imply lengths.
func related(x, y string) bool {
	return x[:strings.LastIndexByte(x, '/')] == y[:strings.LastIndexByte(y, '/')]
}

func TestTwoChangesAreTwoEntries(t *testing.T) {
	t.Parallel()
	root := contractTree(t, openapi.V20240530)
	original := corrected(t, clone(root))
	var all []mutation
	for _, m := range append(schemaMutations(root), operationMutations(root)...) {
		if local(m) {
			all = append(all, m)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 120 / stride() {
		a, b := all[random.IntN(len(all))], all[random.IntN(len(all))]
		if !apart(a, b) {
			continue
		}
		n := 0
		for _, m := range []mutation{a, b} {
			alone := clone(root)
			m.do(alone)
			if !oas.Equal(corrected(t, alone).Root(), original.Root()) {
				n++
			}
		}
		mutated := clone(root)
		a.do(mutated)
		b.do(mutated)
		r := compareTrees(t, nil, mutated)
		want := a.want
		if b.want.Worse(want) {
			want = b.want
		}
		if len(r.Changes) != n || n == 2 && r.Verdict != want {
			t.Errorf("%s at %s and %s at %s: %s with %d entries, want %s with %d\n%s", a.name, a.at, b.name, b.at, r.Verdict, len(r.Changes), want, n, formatChanges(r))
		}
	}
}
