package fakeatlas

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	// maxBody bounds a request body. The longest valid one has about 2.5 KB.
	maxBody = 1 << 20
	// maxBodyTime bounds the time within which a request body must arrive.
	maxBodyTime = 30 * time.Second
)

// call is the state of a request during the steps.
type call struct {
	target
	request  *http.Request
	body     []byte
	tooLarge bool
	bodyErr  error       // why the body was not read completely, except for tooLarge
	arrived  Request     // the journal's entry until the request is handled
	entry    *entry      // the position in the journal
	header   http.Header // headers of the response, from any step

	named    string // the account name in the credentials
	refusal  string // why the credentials were refused
	account  *Account
	version  string
	page     page
	envelope bool
	pretty   bool
}

// ServeHTTP handles one request. A Server can also be used as the handler of another HTTP
// server, but then its URL field is wrong.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.controls != nil && strings.HasPrefix(r.URL.Path, controlPrefix) {
		s.controls.ServeHTTP(w, r)
		return
	}
	c := s.receive(w, r)
	plan := s.planFor(c)
	if !s.before(c, plan) {
		s.finish(c, plan, 0)
		hangUp(w, true)
		return
	}
	a := s.faultResponse(c, plan)
	if a == nil {
		a = s.respond(c)
	}
	out := s.render(c, a)
	plan.alter(&out)
	s.finish(c, plan, out.status)
	s.deliver(w, c, plan, out)
}

// receive reads the request and records its arrival.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) *call {
	c := &call{target: route(r.Method, r.URL.EscapedPath()), request: r, header: http.Header{}}
	c.readBody(w)
	c.arrived = Request{
		Time: s.now(), Operation: c.op, Method: r.Method,
		Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: r.Header,
		Body: s.journal.keptBody(c.body), Remote: r.RemoteAddr,
		Auth: authMethod(r.Header.Get("Authorization")),
	}
	c.entry = s.journal.arrive(c.arrived)
	return c
}

// readBody reads the part of the body that arrives in time. It uses the real time, not
// [Clock].
func (c *call) readBody(w http.ResponseWriter) {
	if c.request.Body == nil || c.request.Body == http.NoBody {
		return
	}
	conn := http.NewResponseController(w)
	_ = conn.SetReadDeadline(time.Now().Add(maxBodyTime)) // a test's recorder has no connection
	body, err := io.ReadAll(http.MaxBytesReader(nil, c.request.Body, maxBody))
	_ = conn.SetReadDeadline(time.Time{})
	var tooLarge *http.MaxBytesError
	if c.tooLarge = errors.As(err, &tooLarge); !c.tooLarge {
		c.bodyErr = err
	}
	c.body = body
}

// finish records the result of the request.
func (s *Server) finish(c *call, p plan, status int) {
	r := c.arrived
	r.Account, r.Refusal, r.Version, r.Status, r.Fault = c.named, c.refusal, c.version, status, p.String()
	s.journal.finish(c.entry, r)
	s.log(r)
}

// respond passes the request through the steps. The first step that returns a response ends
// the handling.
func (s *Server) respond(c *call) *response {
	switch {
	case !c.knownPath:
		s.recordUnexpected(c)
		return errNoSuchPath(c.request.URL.Path)
	case c.op == OpUnknown:
		s.recordUnexpected(c)
		return errMethod(c.request.Method, c.allow)
	case errors.Is(c.bodyErr, os.ErrDeadlineExceeded):
		return errTooSlow()
	case c.bodyErr != nil:
		return errCutShort()
	case c.op == OpToken:
		return s.token(c)
	case c.op == OpRevoke:
		return s.revoke(c)
	}
	steps := [...]func(*call) *response{
		s.authenticate,  // determines the account
		s.limitRate,     // counts the request
		s.selectVersion, // also adds the headers of a deprecated version
		s.authorize,     // checks role and access list
		s.readQuery,     // checks the query parameters
		s.operate,       // the operation itself
	}
	for _, step := range steps {
		if a := step(c); a != nil {
			return a
		}
	}
	return errInternal()
}

// selectVersion is the step that selects the version, and adds the headers of a deprecated one.
func (s *Server) selectVersion(c *call) *response {
	if c.legacy {
		c.version = versionLegacy
		return nil
	}
	version, ok := negotiate(c.request.Header.Values("Accept"), c.op)
	if !ok {
		return errVersion()
	}
	c.version = version
	if isDeprecated(c.op, version) {
		c.header["Deprecation"] = []string{deprecated2023}
		c.header["Sunset"] = []string{sunset2023}
	}
	return nil
}

// hasProject reports whether the request goes to a project of the fake.
func (s *Server) hasProject(c *call) bool { return s.store.hasProject(c.project) }

// origin returns the scheme and host of links.
func (s *Server) origin(c *call) string { return s.scheme() + c.request.Host }

// send writes the response.
func (out wire) send(w http.ResponseWriter) {
	out.start(w)
	_, _ = w.Write(out.body) // fails if the caller has closed the connection
}

// start writes the head.
func (out wire) start(w http.ResponseWriter) {
	maps.Copy(w.Header(), out.header)
	w.WriteHeader(out.status)
}
