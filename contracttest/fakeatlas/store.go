package fakeatlas

import (
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"sync"
)

// store is the state: the buckets of each project, in the order of their creation. Its
// methods are safe for concurrent use.
type store struct {
	mu       sync.RWMutex
	projects map[string]*project
	nextID   uint32
	seed     uint64
}

type project struct {
	buckets []*Bucket
	byID    map[string]*Bucket
}

func newStore(seed uint64) *store {
	return &store{projects: map[string]*project{}, seed: seed}
}

// firstSecond is the time in the first id: 2024-05-30T00:00:00Z. Ids are like MongoDB's
// ObjectIds, but made from a counter and the seed instead of the clock and a random number,
// so that they are the same on every run.
const firstSecond = 1717027200

// newID returns the next id. The caller must hold the lock.
func (s *store) newID() string {
	s.nextID++
	var raw [12]byte
	binary.BigEndian.PutUint32(raw[0:], firstSecond+s.nextID)
	binary.BigEndian.PutUint64(raw[4:], s.seed<<24)
	raw[9], raw[10], raw[11] = byte(s.nextID>>16), byte(s.nextID>>8), byte(s.nextID)
	return hex.EncodeToString(raw[:])
}

// replace replaces the projects and buckets by those of another store, which must not be
// used afterwards.
func (s *store) replace(other *store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.projects, s.nextID = other.projects, other.nextID
}

// addProject adds the project if it does not exist.
func (s *store) addProject(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.projects[id] == nil {
		s.projects[id] = &project{byID: map[string]*Bucket{}}
	}
}

// projectIDs returns the ids of all projects, sorted.
func (s *store) projectIDs() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.projects))
}

// hasProject reports whether the project exists.
func (s *store) hasProject(id string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.projects[id] != nil
}

// add adds a bucket to a project and returns the stored bucket. It gets a new id unless it
// has one that is unused.
func (s *store) add(projectID string, b Bucket) Bucket {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.projects[projectID]
	if p == nil { // the state was replaced after the request was checked
		p = &project{byID: map[string]*Bucket{}}
		s.projects[projectID] = p
	}
	b = b.withDefaults()
	for b.ID == "" || p.byID[b.ID] != nil {
		b.ID = s.newID()
	}
	p.buckets = append(p.buckets, &b)
	p.byID[b.ID] = &b
	return b
}

// get returns a copy of the bucket.
func (s *store) get(projectID, id string) (Bucket, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b := s.find(projectID, id)
	if b == nil {
		return Bucket{}, false
	}
	return *b, true
}

// change modifies the bucket with f and returns the modified bucket.
func (s *store) change(projectID, id string, f func(*Bucket)) (Bucket, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.find(projectID, id)
	if b == nil {
		return Bucket{}, false
	}
	f(b)
	return *b, true
}

// remove deletes the bucket if allowed returns true for it.
func (s *store) remove(projectID, id string, allowed func(*Bucket) bool) (found, removed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.find(projectID, id)
	if b == nil {
		return false, false
	}
	if !allowed(b) {
		return true, false
	}
	p := s.projects[projectID]
	delete(p.byID, id)
	p.buckets = slices.DeleteFunc(p.buckets, func(other *Bucket) bool { return other == b })
	return true, true
}

// list returns copies of the buckets for which show returns true, starting at index from,
// at most limit of them, and the total number of such buckets.
func (s *store) list(projectID string, show func(*Bucket) bool, from, limit int) (page []Bucket, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.projects[projectID]
	if p == nil {
		return nil, 0
	}
	for _, b := range p.buckets {
		if !show(b) {
			continue
		}
		if total >= from && len(page) < limit {
			page = append(page, *b)
		}
		total++
	}
	return page, total
}

func (s *store) find(projectID, id string) *Bucket {
	p := s.projects[projectID]
	if p == nil {
		return nil
	}
	return p.byID[id]
}
