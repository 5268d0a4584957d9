package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// unsentRequestError is the request that --dry-run did not send, returned as the error of the
// call.
type unsentRequestError struct {
	method, url string
	body        []byte
}

func (r *unsentRequestError) Error() string { return "not sent: " + r.method + " " + r.url }

// withoutChanges is the middleware of --dry-run: it sends requests that only read, and
// returns any other request as an error.
func withoutChanges(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.Method == http.MethodGet || req.Method == http.MethodHead {
			return next.RoundTrip(req)
		}
		unsent := &unsentRequestError{method: req.Method, url: req.URL.Redacted()}
		if req.Body != nil {
			defer req.Body.Close()
			body, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			unsent.body = body
		}
		return nil, unsent
	})
}

// showDryRun prints the request that was not sent, if err is an *unsentRequestError; it
// returns any other error. A nil err means that the verb had nothing to change.
func (s *session) showDryRun(err error) error {
	var unsent *unsentRequestError
	if !errors.As(err, &unsent) {
		return err
	}
	if s.output == formatTable {
		_, err = fmt.Fprintf(s.out, "dry run, not sent: %s %s\n%s", unsent.method, unsent.url, indented(unsent.body))
		return err
	}
	var body json.RawMessage
	if len(unsent.body) > 0 {
		body = unsent.body
	}
	data, err := json.Marshal(struct {
		DryRun bool            `json:"dryRun"`
		Method string          `json:"method"`
		URL    string          `json:"url"`
		Body   json.RawMessage `json:"body,omitempty"`
	}{true, unsent.method, unsent.url, body})
	if err != nil {
		return err
	}
	return writeJSONAs(s.output, s.out, data)
}

// indented returns a JSON body with indentation and a line end; "" for an empty one.
func indented(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	var out bytes.Buffer
	if json.Indent(&out, body, "", "  ") != nil {
		return string(body) + "\n"
	}
	return out.String() + "\n"
}

// writeJSONAs writes JSON text as indented JSON or as YAML.
func writeJSONAs(format string, out io.Writer, data []byte) error {
	if format != formatYAML {
		_, err := io.WriteString(out, indented(data))
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	node, err := yamlNode(dec, 0)
	if err != nil {
		return err
	}
	return writeYAML(out, node)
}
