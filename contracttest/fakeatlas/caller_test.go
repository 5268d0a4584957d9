package fakeatlas_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// The media types that the tests request.
const (
	v2024 = "application/vnd.atlas.2024-05-30+json"
	v2023 = "application/vnd.atlas.2023-01-01+json"
)

// caller sends requests to a fake, as the default account unless configured otherwise.
type caller struct {
	t    testing.TB
	srv  *fakeatlas.Server
	http *http.Client
}

// newCaller authenticates with the API key of the default account.
func newCaller(t testing.TB, srv *fakeatlas.Server) caller {
	t.Helper()
	return caller{t: t, srv: srv, http: &http.Client{Transport: &digest.Transport{
		Username: srv.PublicKey, Password: srv.PrivateKey, Transport: srv.Client().Transport,
	}}}
}

// reply is a response that was read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends one request. A path that begins with a slash is used unchanged; any other is
// relative to the collection of the default project. Header values have the form "Name:
// value".
func (c caller) ask(method, path, body string, headers ...string) reply {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.srv.URL+c.path(path), strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Accept", v2024)
	req.Header.Set("Accept-Encoding", "identity") // otherwise net/http would ask for gzip and hide the response's headers
	if body != "" {
		req.Header.Set("Content-Type", v2024)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return reply{status: res.StatusCode, header: res.Header, body: string(text)}
}

func (c caller) path(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	base := "/api/atlas/v2/groups/" + c.srv.ProjectID + "/backup/exportBuckets"
	if path == "" || strings.HasPrefix(path, "?") {
		return base + path
	}
	return base + "/" + path
}
