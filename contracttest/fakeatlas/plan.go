package fakeatlas

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// plan contains the faults that apply to one request.
type plan struct {
	faults []Fault
}

// planFor returns the faults that apply to the request: injected faults, then those of its
// Prefer header.
func (s *Server) planFor(c *call) plan {
	r := s.faultRequest(c)
	p := plan{faults: s.faults.pick(r)}
	var applied []string
	for _, wish := range preferred(c.request.Header) {
		if wish.fault.hits(r) {
			p.faults = append(p.faults, wish.fault)
			applied = append(applied, wish.text)
		}
	}
	if len(applied) > 0 {
		c.header["Preference-Applied"] = []string{strings.Join(applied, ", ")}
	}
	return p
}

// faultRequest returns the properties of the request by which faults can be limited.
func (s *Server) faultRequest(c *call) *faultRequest {
	r := &faultRequest{
		op: c.op, anonymous: c.arrived.Auth == AuthNone, project: c.project, bucket: c.bucket,
		account: sync.OnceValue(func() string { return s.namedAccount(c.request) }),
	}
	if c.op.lists() {
		ignored := ""
		r.page = readInt(c.request.URL.Query(), "pageNum", 1, math.MaxInt, &ignored)
	}
	return r
}

// String returns the texts of the faults, for the journal.
func (p plan) String() string {
	names := make([]string, len(p.faults))
	for i, f := range p.faults {
		names[i] = f.String()
	}
	return strings.Join(names, "; ")
}

// first returns the first fault of one of the kinds.
func (p plan) first(kinds ...faultKind) *Fault {
	for i := range p.faults {
		for _, kind := range kinds {
			if p.faults[i].kind == kind {
				return &p.faults[i]
			}
		}
	}
	return nil
}

// before applies the faults that take effect before the request is handled. It reports
// whether to handle the request.
func (s *Server) before(c *call, p plan) bool {
	for _, f := range p.faults {
		switch f.kind {
		case kindClock:
			s.Advance(f.pause)
		case kindLatency:
			if !s.sleep(c, f.pause) {
				return false
			}
		default: // this kind takes effect later
		}
	}
	return p.first(kindReset) == nil
}

// sleep waits, and returns false if the caller goes away or the fake closes first.
func (s *Server) sleep(c *call, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.request.Context().Done():
	case <-s.closing:
	}
	return false
}

// faultResponse returns the response of a fault that replaces the fake's response, or nil.
func (s *Server) faultResponse(c *call, p plan) *response {
	f := p.first(kindStatus, kindRateLimit, kindStale, kindHTML)
	if f == nil {
		return nil
	}
	switch f.kind {
	case kindStale:
		return s.challenge(true)
	case kindRateLimit:
		return f.overwrite(s.faultRateLimit(c, f.pause))
	case kindHTML:
		return &response{status: f.status, mediaType: "text/html", value: edgePage(f.status)}
	default:
		return s.faultStatus(c, f)
	}
}

// edgePage returns an error page like that of a proxy.
func edgePage(status int) rawBody {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return rawBody("<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" +
		title + "</h1></center>\r\n</body>\r\n</html>\r\n")
}

// alter changes the response. An empty body stays empty.
func (p plan) alter(out *wire) {
	for _, f := range p.faults {
		switch f.kind {
		case kindVersion:
			out.header["Content-Type"] = []string{mediaTypeOf(f.text)}
		case kindMediaType:
			out.header["Content-Type"] = []string{f.text}
		case kindProvider, kindField:
			out.setBody(f.rewrite(out.body))
		case kindTruncate:
			out.setBody(out.body[:f.sentBytes(len(out.body))])
		case kindGzip:
			out.compress()
		default: // does not change the response
		}
	}
}

func (out *wire) setBody(body []byte) {
	out.body = body
	if out.header["Content-Length"] != nil {
		out.header["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
}

// sentBytes returns the number of bytes of a body that the fault sends.
func (f Fault) sentBytes(whole int) int {
	if f.size < 0 {
		return whole / 2
	}
	return min(f.size, whole)
}

// rewrite applies the fault to every bucket in a body, or to the error.
func (f Fault) rewrite(body []byte) []byte {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return body // HTML, or compressed by an earlier fault
	}
	f.rewriteValue(value)
	return encode(value, false)
}

func (f Fault) rewriteValue(value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			f.rewriteValue(item)
		}
	case map[string]any:
		_, bucket := value["_id"]
		_, failed := value["error"]
		switch {
		case f.kind == kindProvider && bucket:
			value["cloudProvider"] = f.text
		case f.kind == kindField && (bucket || failed):
			value[f.text] = "added by a fault"
		}
		f.rewriteValue(value["results"])
		f.rewriteValue(value["envelope"])
	}
}

// slowPieces is the number of pieces of a slow body.
const slowPieces = 16

// deliver writes the response, or the part of it that the faults send. A body that a fault
// cuts or slows down is not compressed, so that byte counts refer to the JSON.
func (s *Server) deliver(w http.ResponseWriter, c *call, p plan, out wire) {
	f := p.first(kindLost, kindCut, kindResetBody, kindSlow)
	if f == nil {
		if acceptsGzip(c.request.Header) {
			out.compress()
		}
		out.send(w)
		return
	}
	switch f.kind {
	case kindLost:
		hangUp(w, true)
	case kindSlow:
		s.sendSlowly(w, c, out, f.pause)
	default:
		out.start(w)
		_, _ = w.Write(out.body[:f.sentBytes(len(out.body))]) // fails if the caller has closed the connection
		_ = http.NewResponseController(w).Flush()
		hangUp(w, f.kind == kindResetBody)
	}
}

func (s *Server) sendSlowly(w http.ResponseWriter, c *call, out wire, pause time.Duration) {
	out.start(w)
	flusher := http.NewResponseController(w)
	_ = flusher.Flush() // send the head immediately
	for i := range slowPieces {
		if !s.sleep(c, pause) {
			hangUp(w, false)
			return
		}
		from, to := i*len(out.body)/slowPieces, (i+1)*len(out.body)/slowPieces
		_, _ = w.Write(out.body[from:to])
		_ = flusher.Flush()
	}
}

// hangUp closes the connection without ending the response: with a reset, or as if the
// response were complete.
func hangUp(w http.ResponseWriter, reset bool) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // drops a connection that cannot be hijacked
	}
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0) // makes Close reset the connection
	}
	_ = conn.Close()
}
