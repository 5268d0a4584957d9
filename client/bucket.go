package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// ExportBucket is an object store to which Atlas may export a project's snapshots. Its JSON
// form is the API's own.
type ExportBucket struct {
	// ID is the export bucket's id, 24 hexadecimal digits.
	ID string
	// Target is the bucket's location: its provider and the provider's fields.
	Target Target
	// ProjectID is the project's id. Only v1.0's response to Create has it.
	ProjectID string
	// Links are the relations that Atlas sent, often none. They are data: the
	// client never follows them.
	Links []Link
	// Raw is the JSON object that Atlas sent, including fields that the client does not
	// know. It is "" for a bucket that does not come from a response.
	Raw string
}

// Link is a relation of a response to another resource (RFC 8288).
type Link struct {
	Href, Rel string
}

// BucketName returns the name of the bucket or container, "" if there is none. A project
// may have several export buckets with the same name, so the name does not identify a
// bucket.
func (b *ExportBucket) BucketName() string {
	switch t := b.Target.(type) {
	case AWS:
		return t.BucketName
	case Azure:
		return t.BucketName
	case GCP:
		return t.BucketName
	case Unknown:
		return t.text(bucketFields[fieldBucketName])
	}
	return ""
}

// CloudProvider returns the target's provider, "" if there is none.
func (b *ExportBucket) CloudProvider() CloudProvider {
	if b.Target == nil {
		return ""
	}
	return b.Target.Provider()
}

// CreatedAt returns the time at which the bucket was added, to the second: the first eight
// digits of an id are its Unix time. It is the zero time if ID does not have the form of an
// id.
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

// UnmarshalJSON reads a bucket as any version of the API writes it. A bucket of a
// provider that the client does not know has an [Unknown] target. null changes nothing.
func (b *ExportBucket) UnmarshalJSON(data []byte) error {
	if string(bytes.TrimSpace(data)) == "null" {
		return nil
	}
	return decodeBucket(data, b)
}

// MarshalJSON writes the bucket as Atlas does: Raw, if the other fields have not changed
// since it was read; otherwise the other fields and those members of Raw that the client
// does not know. The zero ExportBucket is null.
func (b ExportBucket) MarshalJSON() ([]byte, error) {
	if b.Raw == "" {
		if b.equal(&ExportBucket{}) {
			return []byte("null"), nil
		}
		return b.encodeOver("{}")
	}
	var received ExportBucket
	if err := decodeBucket([]byte(b.Raw), &received); err != nil {
		return nil, fmt.Errorf("exportbuckets: ExportBucket.Raw: %w", err)
	}
	if received.equal(&b) {
		return []byte(b.Raw), nil
	}
	return b.encodeOver(b.Raw)
}

// equal reports whether all fields except Raw are equal.
func (b *ExportBucket) equal(other *ExportBucket) bool {
	return b.ID == other.ID && b.Target == other.Target && b.ProjectID == other.ProjectID && slices.Equal(b.Links, other.Links)
}

// encodeOver writes the bucket together with those members of an object that the client
// does not know. An Unknown target has its own members.
func (b *ExportBucket) encodeOver(object string) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &members); err != nil {
		return nil, err
	}
	for _, name := range bucketFields {
		delete(members, name)
	}
	if u, ok := b.Target.(Unknown); ok && u.Raw != "" {
		if err := json.Unmarshal([]byte(u.Raw), &members); err != nil {
			return nil, fmt.Errorf("exportbuckets: Unknown.Raw: %w", err)
		}
	}
	known, err := json.Marshal(b.record().members())
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(known, &members); err != nil {
		return nil, err
	}
	return json.Marshal(members)
}

// decodeBucket reads a bucket of any provider.
func decodeBucket(data []byte, b *ExportBucket) error {
	if readFlatBucket(data, b) {
		return nil
	}
	return decodeAnyBucket(data, b)
}

// decodeResponse is decodeBucket for the response to a call, which must have an id.
func decodeResponse(data []byte, b *ExportBucket) error {
	if err := decodeBucket(data, b); err != nil {
		return err
	}
	if b.ID == "" {
		return errors.New("_id is missing")
	}
	return nil
}

// decodeAnyBucket reads the buckets that readFlatBucket does not read, with the generated
// models.
func decodeAnyBucket(data []byte, b *ExportBucket) error {
	var common struct { // of all providers
		ID            string        `json:"_id"`
		CloudProvider CloudProvider `json:"cloudProvider"`
		ProjectID     string        `json:"projectId"`
		Links         *[]gen.Link   `json:"links"`
	}
	if err := json.Unmarshal(data, &common); err != nil {
		return err
	}
	target, err := decodeTarget(common.CloudProvider, data)
	if err != nil {
		return err
	}
	*b = ExportBucket{
		ID: common.ID, Target: target, ProjectID: common.ProjectID, Links: linksOf(common.Links),
		Raw: string(bytes.TrimSpace(data)),
	}
	return nil
}

// linksOf returns the generated model's links in the client's form.
func linksOf(links *[]gen.Link) []Link {
	if links == nil {
		return nil
	}
	list := make([]Link, 0, len(*links))
	for _, l := range *links {
		list = append(list, Link{Href: valueOf(l.Href), Rel: valueOf(l.Rel)})
	}
	return list
}

// valueOf returns *p, or the zero value if p is nil.
func valueOf[T any](p *T) T {
	var value T
	if p != nil {
		value = *p
	}
	return value
}
