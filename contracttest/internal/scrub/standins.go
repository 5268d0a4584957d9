package scrub

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// The first digit of an id's stand-in tells what the id names.
const (
	projectID = "a"
	bucketID  = "b"
	roleID    = "c"
	otherID   = "d"
)

// standIns maps what names something to something that names nothing. Numbers are
// given in the order of first sight, so nothing can be computed back from one.
type standIns struct {
	mu     sync.Mutex
	known  map[string]string // class and value -> stand-in
	counts map[string]int
}

// get gives the stand-in for a value of a class; counter names the sequence that
// numbers a new one, format prints it.
func (s *standIns) get(class, value, counter, format string) string {
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

// lookup gives the stand-in of a value that was seen before.
func (s *standIns) lookup(class, value string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.known[class+"\x00"+value]
	return known, ok
}

var (
	idShape   = newPattern(`^[a-f0-9]{24}$`)
	uuidShape = newPattern(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
)

// id maps an Atlas id. What is none becomes Redacted, which is none either.
func (s *Scrubber) id(kind, value string) string {
	if !idShape.MatchString(value) {
		return s.opaque(value)
	}
	return s.standIns.get("id", value, kind, kind+"%023x")
}

// uuid maps an RFC 9562 UUID; the case of the digits does not matter.
func (s *Scrubber) uuid(value string) string {
	if !uuidShape.MatchString(value) {
		return s.opaque(value)
	}
	return s.standIns.get("uuid", strings.ToLower(value), "uuid", "00000000-0000-4000-8000-%012x")
}

// opaque is for a text of which nothing is known: ids are mapped, the rest goes.
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

// Lengths that the contract asks of a bucket's name and of a service URL, in
// characters.
const (
	minName, maxName = 3, 63
	minURL, maxURL   = 33, 2048
)

// name maps a bucket's or a container's name. One of a forbidden length keeps its length.
func (s *Scrubber) name(value string) string {
	if filler, ok := wrongLength(value, minName, maxName); ok {
		return filler
	}
	return s.standIns.get("name", value, "name", "bucket-%06d")
}

// wrongLength gives a text of the length of value if that is out of bounds.
func wrongLength(value string, least, most int) (string, bool) {
	n := utf8.RuneCountInString(value)
	if n < least || n > most {
		return strings.Repeat("x", n), true
	}
	return "", false
}

const blobHost = ".blob.core.windows.net"

// serviceURL maps the address of an Azure storage account, with or without the
// container. A shared access signature or whatever else stands behind it goes.
func (s *Scrubber) serviceURL(value string) string {
	if filler, ok := wrongLength(value, minURL, maxURL); ok {
		return filler
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" || !strings.HasSuffix(u.Host, blobHost) {
		return s.standIns.get("serviceURL", value, "serviceURL", "https://service-%06d.storage.example")
	}
	account := s.standIns.get("account", strings.TrimSuffix(u.Host, blobHost), "account", "account%06d")
	container, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if container != "" {
		container = "/" + s.name(container)
	}
	return "https://" + account + blobHost + container
}

// atlasHosts may be told: they are everybody's.
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
		name = s.standIns.get("host", name, "host", "host-%06d.example")
	}
	return name + port
}
