package fakeatlas

import (
	"math/rand/v2"
	"sync"
)

// faultRequest contains the properties of a request that faults can be limited by.
type faultRequest struct {
	op              Operation
	anonymous       bool
	project, bucket string
	page            int           // 0 if it is not a list
	account         func() string // in the credentials
}

// hits reports whether the fault applies to a request.
func (f *Fault) hits(r *faultRequest) bool {
	switch {
	case r.anonymous != (f.on == OpChallenge):
		return false
	case !r.anonymous && f.on != OpUnknown && f.on != r.op,
		f.project != "" && f.project != r.project,
		f.bucket != "" && f.bucket != r.bucket,
		f.page != 0 && f.page != r.page:
		return false
	}
	return f.account == "" || f.account == r.account()
}

// faultSet contains the faults of a fake, with the number of requests that each applied
// to. Its methods are safe for concurrent use.
type faultSet struct {
	seed uint64

	mu     sync.Mutex
	all    []*activeFault
	random *rand.Rand
}

// activeFault is a fault with its counts.
type activeFault struct {
	Fault
	seen, hit int
}

func newFaultSet(seed uint64, faults []Fault) *faultSet {
	set := &faultSet{seed: seed}
	set.replace(faults)
	return set
}

// replace replaces all faults and restarts the random numbers for their probabilities.
func (set *faultSet) replace(faults []Fault) {
	set.mu.Lock()
	set.all = nil
	set.random = rand.New(rand.NewPCG(set.seed, set.seed)) //nolint:gosec // a reproducible sequence, not a secret
	set.mu.Unlock()
	set.add(faults)
}

// texts lists the faults as [ParseFault] reads them.
func (set *faultSet) texts() []string {
	set.mu.Lock()
	defer set.mu.Unlock()
	texts := make([]string, len(set.all))
	for i, f := range set.all {
		texts[i] = f.String()
	}
	return texts
}

func (set *faultSet) add(faults []Fault) {
	set.mu.Lock()
	defer set.mu.Unlock()
	for _, f := range faults {
		set.all = append(set.all, &activeFault{Fault: f})
	}
}

func (set *faultSet) clear() {
	set.mu.Lock()
	defer set.mu.Unlock()
	set.all = nil
}

// pick returns the faults that apply to this request.
func (set *faultSet) pick(r *faultRequest) []Fault {
	set.mu.Lock()
	defer set.mu.Unlock()
	var out []Fault
	for _, f := range set.all {
		if !f.hits(r) || (f.times > 0 && f.hit >= f.times) {
			continue
		}
		f.seen++
		if f.seen <= f.after || (f.hasChance && set.random.Float64() >= f.chance) {
			continue
		}
		f.hit++
		out = append(out, f.Fault)
	}
	return out
}

// Inject adds faults from the first request on. If several apply to a request, they take
// effect in the order of their kinds; if they exclude each other, only the first does.
func Inject(faults ...Fault) Option {
	return func(c *config) {
		for _, f := range faults {
			if err := f.check(); err != nil {
				c.errs = append(c.errs, err)
			}
		}
		c.faults = append(c.faults, faults...)
	}
}

// Inject adds faults to a running fake. It panics on a fault that [ParseFault] would
// refuse, because that is a mistake in the test.
func (s *Server) Inject(faults ...Fault) {
	for _, f := range faults {
		if err := f.check(); err != nil {
			panic(err)
		}
	}
	s.faults.add(faults)
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.faults.clear() }
