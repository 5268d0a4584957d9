package scrub

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// The first digit of an id's placeholder identifies the kind of the id.
const (
	projectID = "a"
	bucketID  = "b"
	roleID    = "c"
	otherID   = "d"
)

// placeholders maps names to placeholders. Placeholders are numbered in the order in which the
// names first occur, so that names cannot be computed from them.
type placeholders struct {
	mu     sync.Mutex
	known  map[string]string // placeholder by class and value
	counts map[string]int
}

// get returns the placeholder for a value of a class. counter names the sequence that
// numbers a new placeholder, and format prints it.
func (s *placeholders) get(class, value, counter, format string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := class + "\x00" + value
	if known, ok := s.known[key]; ok {
		return known
	}
	s.counts[counter]++
	s.known[key] = fmt.Sprintf(format, s.counts[counter])
	return s.known[key]
}

// lookup returns the placeholder of a value that has one.
func (s *placeholders) lookup(class, value string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.known[class+"\x00"+value]
	return known, ok
}

var (
	idShape   = newPattern(`^[a-f0-9]{24}$`)
	uuidShape = newPattern(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
)

// id maps an Atlas id. An invalid id becomes Redacted, which is also invalid.
func (s *Scrubber) id(kind, value string) string {
	if !idShape.MatchString(value) {
		return s.opaque(value)
	}
	return s.placeholders.get("id", value, kind, kind+"%023x")
}

// uuid maps an RFC 9562 UUID; the case of the digits does not matter.
func (s *Scrubber) uuid(value string) string {
	if !uuidShape.MatchString(value) {
		return s.opaque(value)
	}
	return s.placeholders.get("uuid", strings.ToLower(value), "uuid", "00000000-0000-4000-8000-%012x")
}

// opaque scrubs a text of unknown meaning: ids are mapped, everything else is redacted.
func (s *Scrubber) opaque(value string) string {
	switch {
	case value == "":
		return ""
	case idShape.MatchString(value):
		return s.id(otherID, value)
	case uuidShape.MatchString(value):
		return s.uuid(value)
	}
	return Redacted
}

// The contract's lengths of a bucket's name and of a service URL, in characters.
const (
	minName, maxName = 3, 63
	minURL, maxURL   = 33, 2048
)

// name maps the name of a bucket or container. A name of an invalid length keeps its length.
func (s *Scrubber) name(value string) string {
	if filler, ok := wrongLength(value, minName, maxName); ok {
		return filler
	}
	return s.placeholders.get("name", value, "name", "bucket-%06d")
}

// wrongLength returns a text with the length of value if that length is invalid.
func wrongLength(value string, least, most int) (string, bool) {
	n := utf8.RuneCountInString(value)
	if n < least || n > most {
		return strings.Repeat("x", n), true
	}
	return "", false
}

const blobHost = ".blob.core.windows.net"

// serviceURL maps the URL of an Azure storage account, with or without the container. Any
// text after it, such as a shared access signature, is removed.
func (s *Scrubber) serviceURL(value string) string {
	if filler, ok := wrongLength(value, minURL, maxURL); ok {
		return filler
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" || !strings.HasSuffix(u.Host, blobHost) {
		return s.placeholders.get("serviceURL", value, "serviceURL", "https://service-%06d.storage.example")
	}
	account := s.placeholders.get("account", strings.TrimSuffix(u.Host, blobHost), "account", "account%06d")
	container, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if container != "" {
		container = "/" + s.name(container)
	}
	return "https://" + account + blobHost + container
}

// atlasHosts are kept, because they are public.
var atlasHosts = map[string]bool{
	"cloud.mongodb.com": true, "cloud.mongodbgov.com": true, "localhost": true, "127.0.0.1": true, "[::1]": true,
}

var portShape = regexp.MustCompile(`:[0-9]{1,5}$`)

// host maps a host, with its port.
func (s *Scrubber) host(value string) string {
	if value == "" {
		return ""
	}
	port := portShape.FindString(value)
	name := strings.ToLower(strings.TrimSuffix(value, port))
	if !atlasHosts[name] {
		name = s.placeholders.get("host", name, "host", "host-%06d.example")
	}
	return name + port
}
