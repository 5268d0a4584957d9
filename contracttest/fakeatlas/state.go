package fakeatlas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// maxState bounds the JSON of a state, in bytes.
	maxState = 16 << 20
	// maxStateBuckets bounds the buckets of a state.
	maxStateBuckets = 100_000
)

// State starts the fake with the projects and buckets of a JSON document, in addition to
// those of other options:
//
//	{"projects": [{"id": "fa4ea71a5000000000000001", "buckets": [
//	  {"_id": "6657c1810000000001000001", "cloudProvider": "AWS", "bucketName": "snaps"}
//	]}]}
//
// The fields of a bucket are those of Atlas's response to get, and inUse: a cluster exports
// to the bucket, so that it cannot be deleted. A missing field gets the default that
// [Bucket] describes. A document may have at most 16 MiB and 100,000 buckets.
func State(document []byte) Option {
	return func(c *config) {
		projects, err := parseState(document)
		if err != nil {
			c.refuse("State: %w", err)
			return
		}
		for _, p := range projects {
			Project(p.ID, p.bucketsOf()...)(c)
		}
	}
}

// stateDocument is the JSON form of the buckets of a fake.
type stateDocument struct {
	Projects []stateProject `json:"projects"`
}

type stateProject struct {
	ID      string        `json:"id"`
	Buckets []stateBucket `json:"buckets"`
}

// stateBucket has the fields of a response, and inUse, which responses do not have.
type stateBucket struct {
	ID                       string   `json:"_id,omitempty"`
	BucketName               string   `json:"bucketName,omitempty"`
	CloudProvider            Provider `json:"cloudProvider,omitempty"`
	IAMRoleID                string   `json:"iamRoleId,omitempty"`
	Region                   string   `json:"region,omitempty"`
	RequirePrivateNetworking bool     `json:"requirePrivateNetworking,omitempty"`
	RoleID                   string   `json:"roleId,omitempty"`
	ServiceURL               string   `json:"serviceUrl,omitempty"`
	TenantID                 string   `json:"tenantId,omitempty"`
	InUse                    bool     `json:"inUse,omitempty"`
}

func (b stateBucket) bucket() Bucket {
	return Bucket{
		ID: b.ID, Provider: b.CloudProvider, BucketName: b.BucketName, IAMRoleID: b.IAMRoleID, Region: b.Region,
		RequirePrivateNetworking: b.RequirePrivateNetworking, RoleID: b.RoleID, ServiceURL: b.ServiceURL, TenantID: b.TenantID, InUse: b.InUse,
	}
}

func stateOf(b Bucket) stateBucket {
	return stateBucket{
		ID: b.ID, CloudProvider: b.Provider, BucketName: b.BucketName, IAMRoleID: b.IAMRoleID, Region: b.Region,
		RequirePrivateNetworking: b.RequirePrivateNetworking, RoleID: b.RoleID, ServiceURL: b.ServiceURL, TenantID: b.TenantID, InUse: b.InUse,
	}
}

func (p stateProject) bucketsOf() []Bucket {
	buckets := make([]Bucket, len(p.Buckets))
	for i, b := range p.Buckets {
		buckets[i] = b.bucket()
	}
	return buckets
}

// parseState reads and checks a state. Errors contain the place in the state.
func parseState(document []byte) ([]stateProject, error) {
	if len(document) > maxState {
		return nil, fmt.Errorf("a state may have at most %d MiB", maxState>>20)
	}
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.DisallowUnknownFields()
	var state stateDocument
	if err := dec.Decode(&state); err != nil {
		return nil, fmt.Errorf("line %d: %w", 1+bytes.Count(document[:min(dec.InputOffset(), int64(len(document)))], []byte("\n")), plainJSONError(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("unexpected data after the JSON object")
	}
	return state.Projects, state.check()
}

// plainJSONError returns an error without the names of Go types.
func plainJSONError(err error) error {
	var mistyped *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mistyped):
		return fmt.Errorf("%s: a JSON %s is not allowed here", mistyped.Field, mistyped.Value)
	case errors.Is(err, io.EOF):
		return errors.New("the document is empty")
	}
	return errors.New(string(bytes.TrimPrefix([]byte(err.Error()), []byte("json: "))))
}

// check checks ids and bounds.
func (d stateDocument) check() error {
	projects, buckets := map[string]bool{}, 0
	for i, p := range d.Projects {
		place := fmt.Sprintf("projects[%d]", i)
		switch {
		case !hexID.MatchString(p.ID):
			return fmt.Errorf("%s: id %q: an id has 24 digits from 0-9 and a-f", place, p.ID)
		case projects[p.ID]:
			return fmt.Errorf("%s: the project %s occurs twice", place, p.ID)
		}
		projects[p.ID] = true
		if buckets += len(p.Buckets); buckets > maxStateBuckets {
			return fmt.Errorf("a state may have at most %d buckets", maxStateBuckets)
		}
		ids := map[string]bool{}
		for j, b := range p.Buckets {
			if err := b.bucket().check(); err != nil {
				return fmt.Errorf("%s.buckets[%d]: %w", place, j, err)
			}
			if b.ID != "" && ids[b.ID] {
				return fmt.Errorf("%s.buckets[%d]: the bucket %s occurs twice", place, j, b.ID)
			}
			ids[b.ID] = true
		}
	}
	return nil
}

// state returns the current state, with the projects sorted by id.
func (s *Server) state() stateDocument {
	d := stateDocument{Projects: []stateProject{}}
	for _, id := range s.store.projectIDs() {
		p := stateProject{ID: id, Buckets: []stateBucket{}}
		for _, b := range s.Buckets(id) {
			p.Buckets = append(p.Buckets, stateOf(b))
		}
		d.Projects = append(d.Projects, p)
	}
	return d
}

// setState replaces all projects and buckets. The default project remains, without buckets
// unless the state has some for it.
func (s *Server) setState(projects []stateProject) {
	fresh := newStore(s.config.seed)
	fresh.addProject(s.config.projectID)
	for _, p := range projects {
		fresh.addProject(p.ID)
		for _, b := range p.bucketsOf() {
			fresh.add(p.ID, b)
		}
	}
	s.store.replace(fresh)
}

// reset restores the initial buckets, faults and clock, and clears the list of requests.
// Tokens and nonces stay valid.
func (s *Server) reset() {
	fresh := newStore(s.config.seed)
	s.fill(fresh)
	s.store.replace(fresh)
	s.faults.replace(s.config.faults)
	s.limits.reset()
	s.journal.forget()
	s.clockOffset.Store(0)
}
