package client

import (
	"bytes"
	"encoding/json"
	"strings"
)

// The flat reading of buckets and pages. encoding/json goes over a text twice and
// allocates every field; this reads what Atlas sends once, with one allocation for all
// texts of a bucket. It reads only what it knows: known fields, each once, in their
// exact spelling and with values of their type. It reports everything else, also what
// is no JSON, as unknown, and encoding/json then decides what that means.

// The text fields of a bucket, as indices into flatBucket.texts.
const (
	flatID = iota
	flatBucketName
	flatProvider
	flatIAMRole
	flatRegion
	flatRole
	flatServiceURL
	flatTenant
	flatProject
	flatTexts // how many they are
	flatPrivate
	flatLinks
)

// flatField returns the field of a name, false if it is not known.
func flatField(name []byte) (int, bool) {
	switch string(name) {
	case "_id":
		return flatID, true
	case "bucketName":
		return flatBucketName, true
	case "cloudProvider":
		return flatProvider, true
	case "iamRoleId":
		return flatIAMRole, true
	case "region":
		return flatRegion, true
	case "roleId":
		return flatRole, true
	case "serviceUrl":
		return flatServiceURL, true
	case "tenantId":
		return flatTenant, true
	case "projectId":
		return flatProject, true
	case "requirePrivateNetworking":
		return flatPrivate, true
	case "links":
		return flatLinks, true
	}
	return 0, false
}

// flatBucket is a bucket as it was read: parts of the text that holds it.
type flatBucket struct {
	texts   [flatTexts][]byte
	private bool
	links   []Link
}

// flatReader reads a text from pos on. Its methods report false, and leave it
// anywhere, where they meet what they don't know.
type flatReader struct {
	data   []byte
	pos    int
	fields flatBucket // of the bucket at hand
}

// readFlatBucket reads a whole text as one bucket into b.
func readFlatBucket(data []byte, b *ExportBucket) bool {
	r := flatReader{data: data}
	return r.bucket(b) && r.end()
}

// readFlatPage reads a whole text as a page into p.
func readFlatPage(data []byte, p *Page) bool {
	r := flatReader{data: data}
	var results, total, links bool
	ok := r.object(func(name []byte) bool {
		switch string(name) {
		case "results":
			return once(&results) && r.results(p)
		case "totalCount":
			return once(&total) && r.number(&p.TotalCount)
		case "links":
			return once(&links) && r.links(&p.Links)
		}
		return false
	})
	return ok && r.end() && results
}

// once sets seen, and reports false if it was set.
func once(seen *bool) bool {
	first := !*seen
	*seen = true
	return first
}

// results reads the array of a page's buckets.
func (r *flatReader) results(p *Page) bool {
	p.Results = make([]*ExportBucket, 0, p.ItemsPerPage)
	return r.array(func() bool {
		b := new(ExportBucket)
		p.Results = append(p.Results, b)
		return r.bucket(b)
	})
}

// bucket reads a bucket of a known provider.
func (r *flatReader) bucket(b *ExportBucket) bool {
	f := &r.fields
	*f = flatBucket{}
	seen := 0
	ok := r.object(func(name []byte) bool {
		field, known := flatField(name)
		if !known || seen&(1<<field) != 0 {
			return false
		}
		seen |= 1 << field
		switch field {
		case flatPrivate:
			return r.boolean(&f.private)
		case flatLinks:
			return r.links(&f.links)
		}
		return r.text(&f.texts[field])
	})
	return ok && f.into(b)
}

// into fills b, and reports false for a provider that is not known and for a bucket
// without an id. The texts become parts of one string of b's own, so that b keeps
// nothing of the text that it was read from.
func (f *flatBucket) into(b *ExportBucket) bool {
	var w wireBucket
	switch string(f.texts[flatProvider]) {
	case string(ProviderAWS):
		w.CloudProvider = ProviderAWS
	case string(ProviderAzure):
		w.CloudProvider = ProviderAzure
	case string(ProviderGCP):
		w.CloudProvider = ProviderGCP
	default:
		return false
	}
	f.texts[flatProvider] = nil
	all := join(f.texts[:])
	cut := func(field int) string {
		text := all[:len(f.texts[field])]
		all = all[len(text):]
		return text
	}
	// In the order of the constants.
	w.ID, w.BucketName = cut(flatID), cut(flatBucketName)
	w.IAMRoleID, w.Region, w.RoleID = cut(flatIAMRole), cut(flatRegion), cut(flatRole)
	w.ServiceURL, w.TenantID, w.ProjectID = cut(flatServiceURL), cut(flatTenant), cut(flatProject)
	w.RequirePrivateNetworking, w.Links = &f.private, f.links
	return w.into(b, nil) == nil
}

func join(texts [][]byte) string {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	var all strings.Builder
	all.Grow(size)
	for _, text := range texts {
		all.Write(text)
	}
	return all.String()
}

// links reads an array of links.
func (r *flatReader) links(into *[]Link) bool {
	*into = []Link{}
	return r.array(func() bool {
		var href, rel []byte
		ok := r.object(func(name []byte) bool {
			switch {
			case string(name) == "href" && href == nil:
				return r.text(&href)
			case string(name) == "rel" && rel == nil:
				return r.text(&rel)
			}
			return false
		})
		*into = append(*into, Link{Href: string(href), Rel: string(rel)})
		return ok
	})
}

// object reads an object, with member to read each value.
func (r *flatReader) object(member func(name []byte) bool) bool {
	return r.list('{', '}', func() bool {
		var name []byte
		return r.text(&name) && r.take(':') && member(name)
	})
}

// array reads an array, with element to read each value.
func (r *flatReader) array(element func() bool) bool { return r.list('[', ']', element) }

// list reads what stands between two brackets, separated by commas.
func (r *flatReader) list(first, last byte, item func() bool) bool {
	if !r.take(first) {
		return false
	}
	if r.take(last) {
		return true
	}
	for item() {
		if r.take(last) {
			return true
		}
		if !r.take(',') {
			return false
		}
	}
	return false
}

// text reads a string of ASCII.
func (r *flatReader) text(into *[]byte) bool {
	if !r.take('"') {
		return false
	}
	escaped := false
	for i := r.pos; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '"':
			*into = r.data[r.pos:i:i]
			r.pos = i + 1
			return !escaped || unescape(into)
		case c == '\\':
			escaped = true
			i++ // what is escaped, perhaps a quote
		case c < ' ' || c >= 0x7f:
			return false
		}
	}
	return false
}

// unescape replaces the text between quotes by what it stands for.
func unescape(text *[]byte) bool {
	quoted := append(append([]byte{'"'}, *text...), '"')
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return false
	}
	*text = []byte(s)
	return true
}

// boolean reads true or false.
func (r *flatReader) boolean(into *bool) bool {
	r.space()
	rest := r.data[r.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("true")):
		*into, r.pos = true, r.pos+len("true")
	case bytes.HasPrefix(rest, []byte("false")):
		*into, r.pos = false, r.pos+len("false")
	default:
		return false
	}
	return true
}

// number reads a number of at most nine digits.
func (r *flatReader) number(into *int) bool {
	r.space()
	n, digits := 0, 0
	for ; r.pos < len(r.data) && r.data[r.pos] >= '0' && r.data[r.pos] <= '9'; r.pos++ {
		if n == 0 && digits > 0 {
			return false // 01 is not JSON
		}
		n, digits = 10*n+int(r.data[r.pos]-'0'), digits+1
	}
	*into = n
	return digits > 0 && digits <= 9
}

// take reads one byte after blanks, if it is c.
func (r *flatReader) take(c byte) bool {
	r.space()
	if r.pos >= len(r.data) || r.data[r.pos] != c {
		return false
	}
	r.pos++
	return true
}

// end reports whether only blanks are left.
func (r *flatReader) end() bool {
	r.space()
	return r.pos == len(r.data)
}

func (r *flatReader) space() {
	for r.pos < len(r.data) {
		switch r.data[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return
		}
	}
}
