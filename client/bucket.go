package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// ExportBucket is an object store that Atlas may export a project's snapshots to.
// As JSON it has the API's own shape.
type ExportBucket struct {
	// ID is the export bucket's id, 24 hexadecimal digits.
	ID string
	// BucketName is the name of the bucket or container. The same one may be added
	// many times, so it doesn't identify the ExportBucket.
	BucketName string
	// CloudProvider is Target's provider.
	CloudProvider CloudProvider
	// Target has the fields of its provider.
	Target Target
	// ProjectID is the project's id. Only v1.0's answer to Create has it.
	ProjectID string
	// Links are the relations that Atlas sent, often none. They are data: the
	// client never follows them.
	Links []Link
}

// CreatedAt returns when the bucket was added, to the second: the first eight digits of
// an id are its Unix time. It is the zero time for an ID that is not an id of Atlas's.
func (b *ExportBucket) CreatedAt() time.Time {
	if !isHexID(b.ID) {
		return time.Time{}
	}
	seconds, err := strconv.ParseUint(b.ID[:8], 16, 32)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// Link is a relation of an answer to another resource (RFC 8288).
type Link struct {
	Href string `json:"href,omitempty"`
	Rel  string `json:"rel,omitempty"`
}

// wireBucket is a bucket of any version and provider as it travels: the fields of
// all branches side by side. Decoding into it once costs what encoding/json costs;
// the generated union decodes each bucket twice more.
type wireBucket struct {
	ID                       string        `json:"_id"`
	BucketName               string        `json:"bucketName,omitempty"`
	CloudProvider            CloudProvider `json:"cloudProvider,omitempty"`
	IAMRoleID                string        `json:"iamRoleId,omitempty"`
	RequirePrivateNetworking *bool         `json:"requirePrivateNetworking,omitempty"`
	Region                   string        `json:"region,omitempty"`
	RoleID                   string        `json:"roleId,omitempty"`
	ServiceURL               string        `json:"serviceUrl,omitempty"`
	TenantID                 string        `json:"tenantId,omitempty"`
	ProjectID                string        `json:"projectId,omitempty"`
	Links                    []Link        `json:"links,omitempty"`
}

var errNoID = errors.New("_id is missing")

// UnmarshalJSON reads a bucket as any version of the API writes it. (Calls use it
// directly: json.Unmarshal would go over the text once more.) Fields that it
// doesn't know are passed over; a bucket of a provider that it doesn't know becomes
// an [Unknown]. A bucket without _id is an error.
func (b *ExportBucket) UnmarshalJSON(data []byte) error {
	if readFlatBucket(data, b) {
		return nil
	}
	var w wireBucket
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	return w.into(b, func() ([]byte, error) { return data, nil })
}

// MarshalJSON writes the bucket as Atlas does. An Unknown target is written as it
// was read.
func (b ExportBucket) MarshalJSON() ([]byte, error) {
	w := wireBucket{ID: b.ID, BucketName: b.BucketName, ProjectID: b.ProjectID, Links: b.Links}
	switch t := b.Target.(type) {
	case AWS:
		w.IAMRoleID, w.Region = t.IAMRoleID, t.Region
		w.RequirePrivateNetworking = &t.RequirePrivateNetworking
	case Azure:
		w.RoleID, w.ServiceURL, w.TenantID = t.RoleID, t.ServiceURL, t.TenantID
	case GCP:
		w.RoleID = t.RoleID
	case Unknown:
		if t.Raw != "" {
			return []byte(t.Raw), nil
		}
	case nil:
		w.CloudProvider = b.CloudProvider
		return json.Marshal(w)
	}
	w.CloudProvider = b.Target.Provider()
	return json.Marshal(w)
}

// into fills b from w. raw gives the bucket's own JSON, for a provider that isn't
// known.
func (w *wireBucket) into(b *ExportBucket, raw func() ([]byte, error)) error {
	if w.ID == "" {
		return errNoID
	}
	*b = ExportBucket{ID: w.ID, BucketName: w.BucketName, CloudProvider: w.CloudProvider, ProjectID: w.ProjectID, Links: w.Links}
	switch w.CloudProvider {
	case ProviderAWS:
		private := w.RequirePrivateNetworking != nil && *w.RequirePrivateNetworking
		b.Target = AWS{BucketName: w.BucketName, IAMRoleID: w.IAMRoleID, RequirePrivateNetworking: private, Region: w.Region}
	case ProviderAzure:
		b.Target = Azure{BucketName: w.BucketName, RoleID: w.RoleID, ServiceURL: w.ServiceURL, TenantID: w.TenantID}
	case ProviderGCP:
		b.Target = GCP{BucketName: w.BucketName, RoleID: w.RoleID}
	default:
		data, err := raw()
		if err != nil {
			return err
		}
		b.Target = Unknown{CloudProvider: w.CloudProvider, Raw: string(data)}
	}
	return nil
}

// Page is one page of a project's export buckets.
type Page struct {
	// Results are the page's buckets, in Atlas's order.
	Results []*ExportBucket
	// TotalCount is how many buckets the project has. It is 0 when the count was
	// left out, and Atlas is known to answer 0 without being asked to.
	TotalCount int
	// PageNum counts from 1; ItemsPerPage is what was asked for.
	PageNum, ItemsPerPage int
	// Links are the relations that Atlas sent. They are data: the client counts
	// pages and never follows a link.
	Links []Link

	hasNext bool // Atlas linked to a next page
	counted bool // Atlas was asked to count
}

// More reports whether pages follow. A full page may have a successor even if Atlas
// neither counts nor links to it; the response to it is then an empty page. It has none
// if Atlas was asked to count and counts exactly the buckets up to this page.
func (p *Page) More() bool {
	return p.moreAfter((p.PageNum-1)*p.ItemsPerPage + len(p.Results))
}

// moreAfter is More for a page up to which seen buckets were read.
func (p *Page) moreAfter(seen int) bool {
	n := len(p.Results)
	switch {
	case n == 0:
		return false
	case p.hasNext, p.TotalCount > seen:
		return true
	case n < p.ItemsPerPage:
		return false
	}
	// Atlas is known to count 0 where it was asked not to count, and not to link.
	complete := p.counted && p.TotalCount >= 1 && p.TotalCount == seen
	return !complete
}

// wirePage is a page as it travels.
type wirePage struct {
	Results    []wireBucket `json:"results"`
	TotalCount int          `json:"totalCount"`
	Links      []Link       `json:"links"`
}

// decodePage reads a list response into p. The buckets are separate pieces of memory,
// so that keeping one doesn't keep the page.
func decodePage(data []byte, p *Page) error {
	if !readFlatPage(data, p) {
		if err := decodeAnyPage(data, p); err != nil {
			return err
		}
	}
	for _, l := range p.Links {
		p.hasNext = p.hasNext || l.Rel == "next"
	}
	return nil
}

// decodeAnyPage reads a page of any providers, with fields that are not known.
func decodeAnyPage(data []byte, p *Page) error {
	w := wirePage{Results: make([]wireBucket, 0, p.ItemsPerPage)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	raws := rawResults{page: data}
	if len(w.Results) == 0 {
		if err := raws.read(); err != nil {
			return err
		}
	}
	p.TotalCount, p.Links = w.TotalCount, w.Links
	p.Results = make([]*ExportBucket, len(w.Results))
	for i := range w.Results {
		p.Results[i] = new(ExportBucket)
		if err := w.Results[i].into(p.Results[i], func() ([]byte, error) { return raws.at(i) }); err != nil {
			return fmt.Errorf("results[%d]: %w", i, err)
		}
	}
	return nil
}

// rawResults reads a page a second time for the JSON of its results. Only an
// unknown provider or an empty page costs that.
type rawResults struct {
	page    []byte
	results []json.RawMessage
}

// read fails when the page has no results: an empty list is one, null is none.
func (r *rawResults) read() error {
	var w struct {
		Results []json.RawMessage `json:"results"`
	}
	if err := json.Unmarshal(r.page, &w); err != nil {
		return err
	}
	if w.Results == nil {
		return errors.New("results is missing")
	}
	r.results = w.Results
	return nil
}

func (r *rawResults) at(i int) ([]byte, error) {
	if r.results == nil {
		if err := r.read(); err != nil {
			return nil, err
		}
	}
	return r.results[i], nil
}
