package fakeatlas

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// response is the result of a step or an operation before it is encoded.
type response struct {
	status    int
	mediaType string
	value     any // encoded as the JSON body; nil for none
	header    http.Header
	bare      bool   // has only the headers that every server adds
	without   string // the name of a header that this response lacks
}

// rawBody is a body that is not JSON.
type rawBody []byte

// set adds a header to the response. The name must be in canonical form.
func (a *response) set(name, value string) {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header[name] = []string{value}
}

// wire is a response as it is sent, byte for byte.
type wire struct {
	status int
	header http.Header
	body   []byte
}

// render encodes a response, with the headers that every response has.
func (s *Server) render(c *call, a *response) wire {
	header := c.header
	maps.Copy(header, a.header)
	s.commonHeaders(header)
	if !a.bare {
		c.serviceHeaders(header)
	}
	delete(header, a.without)
	if a.mediaType != "" {
		header["Content-Type"] = []string{a.mediaType}
	}
	w := wire{status: a.status, header: header}
	switch value := a.value.(type) {
	case nil:
	case rawBody:
		w.body = value
	default:
		w.body = encode(c.wrap(a), c.pretty)
	}
	if a.status != http.StatusNoContent {
		header["Content-Length"] = []string{strconv.Itoa(len(w.body))}
	}
	return w
}

// commonHeaders adds the headers that every response has, including a challenge.
func (s *Server) commonHeaders(h http.Header) {
	h["Date"] = []string{s.now().UTC().Format(http.TimeFormat)}
	h["Server"] = []string{"mdbws"}
	h["X-Envoy-Upstream-Service-Time"] = []string{"1"}
}

// serviceHeaders adds the other headers of contracttest/testdata/seen/list.http. Values
// that differ between builds of Atlas are made up.
func (c *call) serviceHeaders(h http.Header) {
	h["Referrer-Policy"] = []string{"strict-origin-when-cross-origin"}
	h["Strict-Transport-Security"] = []string{"max-age=31536000; includeSubdomains;"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["X-Frame-Options"] = []string{"DENY"}
	if method := javaMethods[c.op]; method != "" {
		h["X-Java-Method"] = []string{method}
	}
	h["X-Java-Version"] = []string{"17.0.19+10-LTS"}
	h["X-Mongodb-Service-Version"] = []string{"gitHash=0000000000000000000000000000000000000000; versionString=fakeatlas"}
	h["X-Permitted-Cross-Domain-Policies"] = []string{"none"}
}

// envelope is the form of a single result with envelope=true.
type envelope struct {
	Status   int `json:"status"`
	Envelope any `json:"envelope"`
}

// wrap puts the response into the requested envelope. A list has its status next to the
// results.
func (c *call) wrap(a *response) any {
	if !c.envelope {
		return a.value
	}
	if list, ok := a.value.(interface{ withStatus(status int) any }); ok {
		return list.withStatus(a.status)
	}
	return envelope{Status: a.status, Envelope: a.value}
}

// encode writes JSON as Atlas does: without escaping HTML.
func encode(value any, pretty bool) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if pretty {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(value); err != nil {
		// The values are the fake's own structs, which can always be encoded.
		return []byte("null")
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}
