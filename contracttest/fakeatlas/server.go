package fakeatlas

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas/internal/digestauth"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas/internal/tokens"
)

// Server is a running fake. Its methods are safe for concurrent use.
type Server struct {
	URL       string // http://127.0.0.1:PORT, without a slash at the end
	ProjectID string // id of the default project

	PublicKey, PrivateKey  string // the default account's API key
	ClientID, ClientSecret string // the default account's service account

	certificate []byte       // in PEM, with TLS
	controls    http.Handler // of the control endpoints, nil without them

	config      config
	store       *store
	accounts    directory
	digest      *digestauth.Verifier
	tokens      *tokens.Issuer
	limits      *limiter
	journal     *journal
	faults      *faultSet
	clockOffset atomic.Int64 // the time that Advance added to the clock, in nanoseconds

	mu         sync.Mutex // guards the fields below
	unexpected []string   // requests without a rule

	http        *http.Server
	client      *http.Client
	unusedConns map[net.Conn]bool // connections that have not sent a request yet
	closing     chan struct{}     // closed when Close begins
	once        sync.Once
	served      chan struct{} // closed when the serving goroutine has ended
}

// TB is the part of [testing.TB] that [New] uses, so that programs that use [Start] do not
// link the testing package.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// New starts a fake for a test and closes it when the test ends. A request for an unknown
// path or method fails the test, unless [AllowUnknown] is set.
func New(t TB, opts ...Option) *Server {
	t.Helper()
	s, err := Start(opts...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Errorf("%v", err)
		}
		if !s.config.allow {
			for _, line := range s.unknown() {
				t.Errorf("fakeatlas: no rule allows %s; allow such requests with fakeatlas.AllowUnknown", line)
			}
		}
	})
	return s
}

// Start starts a fake that serves until [Server.Close]. It returns an error for invalid
// options and for an address that it cannot listen on.
func Start(opts ...Option) (*Server, error) {
	s, err := newServer(opts)
	if err != nil {
		return nil, err
	}
	listener, err := s.listen()
	if err != nil {
		return nil, err
	}
	s.serve(listener)
	return s, nil
}

// listen opens the listener, and sets the URL and the client of the Server.
func (s *Server) listen() (net.Listener, error) {
	if s.config.memory {
		p := newPipes()
		s.URL, s.client = memoryURL, newClient(p.dial)
		return p, nil
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", s.config.address)
	if err != nil {
		return nil, fmt.Errorf("fakeatlas: cannot listen on %q: %w", s.config.address, err)
	}
	address := dialAddress(listener.Addr())
	s.URL, s.client = s.scheme()+address, newClient(dialTo(address))
	if !s.config.tls {
		return listener, nil
	}
	secure, err := s.startTLS(listener)
	if err != nil {
		_ = listener.Close()
	}
	return secure, err
}

// scheme returns the scheme of the fake's URLs.
func (s *Server) scheme() string {
	if s.config.tls {
		return "https://"
	}
	return "http://"
}

// dialAddress returns an address to connect to for the address of a listener, which may
// listen on all interfaces.
func dialAddress(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

func newServer(opts []Option) (*Server, error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	s := &Server{
		ProjectID: cfg.projectID,
		PublicKey: cfg.account.PublicKey, PrivateKey: cfg.account.PrivateKey,
		ClientID: cfg.account.ClientID, ClientSecret: cfg.account.ClientSecret,
		config: cfg, store: newStore(cfg.seed), journal: newJournal(cfg.keep),
		accounts:    newDirectory(append([]Account{cfg.account}, cfg.accounts...)),
		unusedConns: map[net.Conn]bool{}, served: make(chan struct{}), closing: make(chan struct{}),
	}
	s.digest = digestauth.New(s.accounts.password, s.now, cfg.nonceLife)
	s.tokens = tokens.New(s.now, cfg.limits)
	s.limits = newLimiter(cfg.rate, s.now)
	s.faults = newFaultSet(cfg.seed, cfg.faults)
	s.fill(s.store)
	if cfg.control {
		s.controls = s.control()
	}
	return s, nil
}

// fill puts the projects and buckets of the options into a store.
func (s *Server) fill(into *store) {
	for _, id := range append(slices.Clone(s.config.projects), s.config.projectID) {
		into.addProject(id)
	}
	for _, p := range s.config.initial {
		into.add(p.project, p.bucket)
	}
	for _, g := range s.config.generated {
		for i := range g.n {
			b := Bucket{}
			if len(g.providers) > 0 {
				b.Provider = g.providers[i%len(g.providers)]
			}
			into.add(s.config.projectID, b)
		}
	}
}

// serve starts to serve on the listener. Its goroutine ends with Close.
func (s *Server) serve(listener net.Listener) {
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         s.track,
		ErrorLog:          s.errorLog(),
	}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener) // ends with ErrServerClosed, always by Close
	}()
}

// errorLog receives the log lines of net/http, mostly about malformed requests.
func (s *Server) errorLog() *log.Logger {
	if s.config.logger == nil {
		return log.New(io.Discard, "", 0)
	}
	return slog.NewLogLogger(s.config.logger.Handler(), slog.LevelError)
}

// track remembers connections that have not been used yet. Shutdown would wait 5 s for such
// connections.
func (s *Server) track(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state == http.StateNew {
		s.unusedConns[conn] = true
	} else {
		delete(s.unusedConns, conn)
	}
}

func (s *Server) closeUnusedConns() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.unusedConns {
		_ = conn.Close() // no request is in progress on the connection
	}
}

// shutdownGrace is how long Close waits for requests in progress.
const shutdownGrace = 5 * time.Second

// Close stops the fake: it waits up to 5 s for requests in progress, then closes their
// connections. A second call does nothing.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	s.once.Do(func() { close(s.closing) })
	s.closeUnusedConns()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	<-s.served
	s.client.CloseIdleConnections()
	return err
}

// Advance moves the fake's clock forward (or back), for its nonces, tokens, rate limits and
// Date headers.
func (s *Server) Advance(d time.Duration) { s.clockOffset.Add(int64(d)) }

func (s *Server) now() time.Time {
	return s.config.clock().Add(time.Duration(s.clockOffset.Load()))
}

// AccessToken issues a token for the default service account like the token endpoint, but
// without counting toward the limit of token requests.
func (s *Server) AccessToken() (string, error) {
	return s.AccessTokenFor(s.ClientID)
}

// AccessTokenFor is [Server.AccessToken] for another service account.
func (s *Server) AccessTokenFor(clientID string) (string, error) {
	if s.accounts.byClient[clientID] == nil {
		return "", fmt.Errorf("fakeatlas: no service account has the client id %q", clientID)
	}
	token, err := s.tokens.Issue(clientID, s.tokens.Limits().Life)
	if err != nil {
		return "", fmt.Errorf("fakeatlas: %w", err)
	}
	return token, nil
}

// Add adds a bucket to a project and returns it with its id. It creates the project if
// necessary. Add panics if an id of the project, the bucket or its role does not have 24
// lower-case hexadecimal digits, because that is a mistake in the test.
func (s *Server) Add(projectID string, b Bucket) Bucket {
	if !hexID.MatchString(projectID) {
		panic(fmt.Errorf("fakeatlas: Add(%q): the id of a project has 24 digits from 0-9 and a-f", projectID))
	}
	if err := b.check(); err != nil {
		panic(fmt.Errorf("fakeatlas: Add: %w", err))
	}
	s.store.addProject(projectID)
	return s.store.add(projectID, b)
}

// Remove deletes a bucket, even one that is in use. It reports whether the bucket existed.
func (s *Server) Remove(projectID, bucketID string) bool {
	_, removed := s.store.remove(projectID, bucketID, func(*Bucket) bool { return true })
	return removed
}

// Buckets returns the current buckets of a project, in the order of lists.
func (s *Server) Buckets(projectID string) []Bucket {
	all, _ := s.store.list(projectID, func(*Bucket) bool { return true }, 0, maxBuckets)
	return all
}

// SetInUse sets whether a cluster exports to the bucket automatically. It reports
// whether the bucket exists.
func (s *Server) SetInUse(projectID, bucketID string, inUse bool) bool {
	_, ok := s.store.change(projectID, bucketID, func(b *Bucket) { b.InUse = inUse })
	return ok
}

// recordUnexpected remembers an unknown request, which fails the test at its end.
func (s *Server) recordUnexpected(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.unexpected) < 20 {
		s.unexpected = append(s.unexpected, c.request.Method+" "+c.request.URL.EscapedPath())
	}
}

func (s *Server) unknown() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.unexpected)
}

// log writes one record about a handled request.
func (s *Server) log(r Request) {
	if s.config.logger == nil {
		return
	}
	s.config.logger.Info("request",
		"method", r.Method, "path", r.Path, "query", r.Query, "operation", string(r.Operation),
		"auth", string(r.Auth), "account", r.Account, "refusal", r.Refusal, "version", r.Version,
		"status", r.Status, "fault", r.Fault)
}
