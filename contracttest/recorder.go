package contracttest

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/scrub"
	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
)

// RecorderOptions configure a [Recorder]. The zero value is ready to use. Options can only
// remove more from recordings, except for Spec.
type RecorderOptions struct {
	// Name is the cassette's file name without ".yaml"; an older cassette of that
	// name is replaced. The default is the time in UTC and a random number.
	Name string
	// Base sends the requests of [Recorder.RoundTrip]; default http.DefaultTransport.
	Base http.RoundTripper
	// Spec is a specification, YAML or JSON, of other operations to record. Recordings then
	// keep the words of its paths, the names of its parameters and fields, and its enum
	// values. Without Spec, they keep only those of export buckets.
	Spec []byte
	// Secrets are texts that must not be kept, such as the keys in use. Each must have at
	// least four characters. They are also found in base64 and URL encoding.
	Secrets []string
	// Patterns match further texts that must not be kept.
	Patterns []*regexp.Regexp
	// DropHeaders lists headers to omit that would be kept otherwise.
	DropHeaders []string
}

// Recorder records the exchanges that pass through it into go-vcr v4 cassettes,
// without credentials and without names of the recorded project.
//
//	rec, err := contracttest.NewRecorder("testdata", contracttest.RecorderOptions{})
//	c, err := client.New(auth, client.WithMiddleware(rec.Middleware))
//	…
//	err = rec.Close() // writes the cassette
//
// As the client's middleware it is before authentication in the chain, so it sees no
// credential, and after retry, so it sees every attempt. In any position it scrubs an
// exchange before it keeps it, in memory or on disk: only listed values of headers, paths,
// queries and texts are kept. Ids, names and hosts are replaced by placeholders. Within a
// recording, equal values get equal placeholders. A placeholder conforms to the contract if
// the value did. An exchange that cannot be scrubbed is not recorded, and Close reports it.
//
// The caller's requests and responses are not changed. For this reason go-vcr's own
// recorder is not used: it returns the response that its hooks have scrubbed, repeats the
// response's delay, and prints everything if VCR_DEBUG is set. Its cassette format is used.
//
// To replay a cassette with go-vcr, use its recorder in ModeReplayOnly with
// cassette.NewDefaultMatcher(cassette.WithIgnoreUserAgent()), and request the
// placeholders that the cassette contains.
//
// A Recorder is safe for concurrent use.
type Recorder struct {
	dir      string
	base     http.RoundTripper
	scrubber *scrub.Scrubber

	mu       sync.Mutex
	name     string
	tape     *cassette.Cassette
	size     int
	limit    int // size after which a cassette is written; maxTape, except in tests
	written  []string
	problems []error
	closed   bool
}

// maxTape is the size of the text, in bytes, after which the Recorder writes a cassette and
// begins the next: 16 MiB.
const maxTape = 16 << 20

// NewRecorder returns a Recorder that writes to dir. It creates dir if necessary, with
// access only for the user. It returns an error if dir is not writable or an option is
// invalid.
func NewRecorder(dir string, opts RecorderOptions) (*Recorder, error) {
	if err := checkName(opts.Name); err != nil {
		return nil, fmt.Errorf("recorder: %w", err)
	}
	vocabulary, err := vocabularyOf(opts.Spec)
	if err != nil {
		return nil, fmt.Errorf("recorder: %w", err)
	}
	s, err := scrub.New(scrub.Rules{Secrets: opts.Secrets, Patterns: opts.Patterns, Headers: opts.DropHeaders, Vocabulary: vocabulary})
	if err != nil {
		return nil, fmt.Errorf("recorder: %w", err)
	}
	if err := writable(dir); err != nil {
		return nil, fmt.Errorf("recorder: %w", err)
	}
	r := &Recorder{dir: dir, scrubber: s, base: opts.Base, name: cmp.Or(opts.Name, freshName()), limit: maxTape}
	if r.base == nil {
		r.base = http.DefaultTransport
	}
	return r, nil
}

// checkName returns an error for a name that is not a plain file name. The empty name is
// valid: a unique name replaces it.
func checkName(name string) error {
	switch {
	case name == "":
		return nil
	case name == "." || name == "..":
		return fmt.Errorf("the name %q is a folder: use a file name without extension", name)
	case name != filepath.Base(name) || strings.ContainsAny(name, `/\`):
		return fmt.Errorf("the name %q is a path: pass the folder as dir", name)
	}
	return nil
}

// RoundTrip sends the request through the base transport and records the exchange.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	return r.roundTrip(req, r.base)
}

// Middleware returns a RoundTripper that records the exchanges that it passes to next. Its
// type is that of the argument of client.WithMiddleware.
func (r *Recorder) Middleware(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) { return r.roundTrip(req, next) })
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Close writes the recorded exchanges; if there are none, it writes no file. Later
// exchanges are not recorded. The error names the files that could not be written, and each
// exchange that could not be recorded with the reason. The other exchanges are written.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.closed = true
		r.flush()
	}
	return errors.Join(r.problems...)
}

// Files returns the cassettes written so far.
func (r *Recorder) Files() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.written...)
}

// addInteraction adds a scrubbed exchange to the tape.
func (r *Recorder) addInteraction(i *cassette.Interaction) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	if r.tape == nil {
		r.tape = cassette.New(r.nextName())
	}
	r.tape.AddInteraction(i)
	if r.size += interactionSize(i); r.size >= r.limit {
		r.flush()
	}
}

// addProblem stores the error for an exchange that was not recorded.
func (r *Recorder) addProblem(req *http.Request, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	address := strings.TrimSpace(req.Method + " " + r.scrubber.URL(req.URL.String()))
	r.problems = append(r.problems, fmt.Errorf("recorder: %s was not recorded: %w", address, err))
}

// flush writes the tape. The caller holds the lock.
func (r *Recorder) flush() {
	tape := r.tape
	r.tape, r.size = nil, 0
	if tape == nil {
		return
	}
	text, err := tapeText(tape)
	if err == nil {
		err = atomicfile.WritePrivate(tape.File, text)
	}
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("recorder: %s was not written: %w", tape.File, err))
		return
	}
	r.written = append(r.written, tape.File)
}

// nextName returns the path of the next cassette, without ".yaml".
func (r *Recorder) nextName() string {
	path := filepath.Join(r.dir, r.name)
	if n := len(r.written) + 1; n > 1 {
		path = fmt.Sprintf("%s-%d", path, n)
	}
	return path
}

// freshName returns a unique name that sorts by time.
func freshName() string {
	return fmt.Sprintf("%s-%08x", time.Now().UTC().Format("20060102T150405Z"), rand.Uint32())
}
