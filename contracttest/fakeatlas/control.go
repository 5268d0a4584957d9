package fakeatlas

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// controlPrefix is the beginning of the control endpoints' paths.
const controlPrefix = "/_fake/"

// Control adds endpoints for tests in other languages than Go, below /_fake/ and without
// credentials:
//
//	GET /_fake/health            responds with 200 once the fake is ready
//	POST /_fake/reset            restores the initial state, faults and clock
//	GET, PUT /_fake/state        the projects and buckets (see [State])
//	GET /_fake/requests          the requests that arrived; ?operation=create selects
//	GET, PUT /_fake/faults       the faults, as [ParseFault] reads them
//	DELETE /_fake/faults         removes all faults
//
// They respond with JSON, errors as {"error": "..."}. A POST, PUT or DELETE that a web
// page of another origin sends is refused. [Server.Requests] does not return requests to
// these endpoints.
func Control() Option { return func(c *config) { c.control = true } }

// control is the handler of the control endpoints.
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, respond func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxState)
			value, err := respond(r)
			writeControl(w, value, err)
		})
	}
	handle("GET /_fake/health", s.controlHealth)
	handle("POST /_fake/reset", s.controlReset)
	handle("GET /_fake/state", func(*http.Request) (any, error) { return s.state(), nil })
	handle("PUT /_fake/state", s.controlSetState)
	handle("GET /_fake/requests", s.controlRequests)
	handle("GET /_fake/faults", func(*http.Request) (any, error) { return s.faults.texts(), nil })
	handle("PUT /_fake/faults", s.controlSetFaults)
	handle("DELETE /_fake/faults", func(*http.Request) (any, error) { s.ClearFaults(); return s.faults.texts(), nil })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewCrossOriginProtection().Check(r); err != nil {
			writeControl(w, nil, &controlError{http.StatusForbidden, "web pages of other origins may only read"})
			return
		}
		if _, pattern := mux.Handler(r); pattern == "" {
			writeControl(w, nil, unknownControl(mux, r))
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// controlError is an error with its status.
type controlError struct {
	status  int
	message string
}

func (e *controlError) Error() string { return e.message }

// unknownControl is the error of a path or a method that does not exist.
func unknownControl(mux *http.ServeMux, r *http.Request) error {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		return &controlError{http.StatusMethodNotAllowed, fmt.Sprintf("%s allows %s, not %s", r.URL.Path, strings.Join(allowed, " and "), r.Method)}
	}
	return &controlError{http.StatusNotFound, r.URL.Path + " does not exist; the endpoints are /_fake/health, reset, state, requests and faults"}
}

// writeControl writes a response or an error. A nil value is 204.
func writeControl(w http.ResponseWriter, value any, err error) {
	status := http.StatusOK
	var failed *controlError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &failed):
		status = failed.status
	case errors.As(err, &tooLarge):
		status, err = http.StatusRequestEntityTooLarge, fmt.Errorf("a body may have at most %d MiB", maxState>>20)
	case err != nil:
		status = http.StatusBadRequest
	case value == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if err != nil {
		value = map[string]string{"error": strings.TrimPrefix(err.Error(), "fakeatlas: ")}
	}
	w.Header().Set("Content-Type", plainJSON)
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(value) // fails if the caller closed the connection
}

func (s *Server) controlHealth(*http.Request) (any, error) {
	return map[string]string{"status": "ok", "url": s.URL, "projectId": s.ProjectID}, nil
}

func (s *Server) controlReset(*http.Request) (any, error) {
	s.reset()
	return nil, nil
}

func (s *Server) controlSetState(r *http.Request) (any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	projects, err := parseState(body)
	if err != nil {
		return nil, err
	}
	s.setState(projects)
	return nil, nil
}

// controlRequest is a request in JSON. A body that is not UTF-8 is in bodyBase64.
type controlRequest struct {
	Time       time.Time   `json:"time"`
	Operation  Operation   `json:"operation"`
	Method     string      `json:"method"`
	Path       string      `json:"path"`
	Query      string      `json:"query"`
	Header     http.Header `json:"headers"`
	Body       string      `json:"body"`
	BodyBase64 []byte      `json:"bodyBase64,omitempty"`
	Auth       AuthMethod  `json:"auth"`
	Account    string      `json:"account"`
	Refusal    string      `json:"refusal,omitempty"`
	Version    string      `json:"version"`
	Status     int         `json:"status"`
	Fault      string      `json:"fault,omitempty"`
}

func (s *Server) controlRequests(r *http.Request) (any, error) {
	operation := r.URL.Query().Get("operation")
	out := []controlRequest{}
	for _, q := range s.Requests() {
		if operation != "" && operation != string(q.Operation) {
			continue
		}
		shown := controlRequest{
			Time: q.Time.UTC(), Operation: q.Operation, Method: q.Method, Path: q.Path, Query: q.Query, Header: q.Header,
			Auth: q.Auth, Account: q.Account, Refusal: q.Refusal, Version: q.Version, Status: q.Status, Fault: q.Fault,
		}
		if authorization := q.Header.Get("Authorization"); authorization != "" {
			scheme, _, _ := strings.Cut(authorization, " ")
			shown.Header.Set("Authorization", scheme+" [credentials]")
		}
		if utf8.Valid(q.Body) {
			shown.Body = string(q.Body)
		} else {
			shown.BodyBase64 = q.Body
		}
		out = append(out, shown)
	}
	return map[string]any{"requests": out}, nil
}

// controlSetFaults replaces the faults. The body is a JSON list of fault texts, or one
// fault text per line.
func (s *Server) controlSetFaults(r *http.Request) (any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var texts []string
	if text := strings.TrimSpace(string(body)); strings.HasPrefix(text, "[") {
		if err := json.Unmarshal(body, &texts); err != nil {
			return nil, fmt.Errorf("the faults must be a JSON list of texts: %w", plainJSONError(err))
		}
	} else {
		texts = strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	}
	if len(texts) > maxFaults {
		return nil, fmt.Errorf("there may be %d faults", maxFaults)
	}
	var faults []Fault
	for _, text := range texts {
		fault, err := ParseFault(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		faults = append(faults, fault)
	}
	s.faults.replace(faults)
	return s.faults.texts(), nil
}

// maxFaults bounds the number of faults that a control request sets, because every request
// checks all of them.
const maxFaults = 1000
