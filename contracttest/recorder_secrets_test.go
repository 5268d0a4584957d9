package contracttest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
)

// planter creates secrets, each of which can be distinguished from the others when it is
// found.
type planter struct{ planted atomic.Int64 }

// secret contains the marker that the test searches for in the files.
func (p *planter) secret() string { return fmt.Sprintf("pl4nted-S3CRET.%d", p.planted.Add(1)) }

// fill replaces each % with a new secret.
func (p *planter) fill(template string) string {
	return regexp.MustCompile(`%`).ReplaceAllStringFunc(template, func(string) string { return p.secret() })
}

// planted matches a marker in every form in which a recording could contain it.
var planted = regexp.MustCompile(`(?i)pl4nted|s3cret|` + base64Of("pl4nted-S3CRET"))

// base64Of returns the part of a text's base64 that does not depend on the surrounding
// text, for each of the three possible alignments.
func base64Of(text string) string {
	var forms []string
	for shift := range 3 {
		coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("-", shift) + text))
		forms = append(forms, regexp.QuoteMeta(coded[4:len(coded)-4]))
	}
	return strings.Join(forms, "|")
}

// headerNames are all headers that the recorder keeps, and others that may contain a
// secret.
var headerNames = []string{
	"Accept", "Content-Type", "Content-Length", "Date", "Deprecation", "Ratelimit-Limit", "Ratelimit-Remaining", "Retry-After", "Sunset",
	"Www-Authenticate", "X-Error-Code", "Authorization", "Proxy-Authorization", "Authentication-Info", "Cookie", "Set-Cookie", "X-Api-Key",
	"User-Agent", "Server", "Location", "Referer", "Link", "Etag", "Via", "X-Forwarded-For", "X-Java-Method", "X-Custom", "Traceparent", "Host",
}

var headerTemplates = []string{
	"%", "Bearer %", "Basic %", `Digest username="%", realm="%", nonce="%", uri="/%", response="%", opaque="%", cnonce="%", extra=%`,
	"application/%", "application/json; %=%", "text/html;charset=%", "a=%; Path=/%", "Mon, 19 Jan 2026 03:01:27 GMT %", "12 %", "<https://%/%>; rel=%",
}

var addresses = []string{
	"https://u:%@%.example/api/atlas/v2/groups/%/backup/exportBuckets/%?access_token=%&%=%&pretty=%&itemsPerPage=%&%#%",
	"https://cloud.mongodb.com/api/atlas/v2/groups/5f1a2b3c4d5e6f708192a3b4/backup/exportBuckets?envelope=%&a%5B%5D=%",
	"https://cloud.mongodb.com/%/oauth/%;%=%/token",
}

var bodies = []string{
	`{"_id":"%","bucketName":"%","cloudProvider":"%","iamRoleId":"%","roleId":"%","tenantId":"%","serviceUrl":"%","region":"%","requirePrivateNetworking":"%","projectId":"%"}`,
	`{"serviceUrl":"https://%.blob.core.windows.net/%/%?sig=%&se=%"}`, `{"links":[{"href":"https://u:%@%/%?%=%#%","rel":"%"}],"results":["%",["%"]],"totalCount":"%"}`,
	`{"detail":"a % b","reason":"%","errorCode":"%","error":"%","parameters":["%",{"%":"%"}],"badRequestDetail":{"fields":[{"field":"%","description":"it is %."}]}}`,
	`{"%":1,"access_token":"%","secret":{"%":["%"]},"x":{"%":{"%":null}}}`, `{"a":"%","a":"%",}`, `{"a":"%"} {"b":"%"}`, `{"bucketName":"%`, `["%`,
	`"%"`, `%`, "client_id=%&client_secret=%&grant_type=client_credentials", "<html><title>%</title><p>token: %</p></html>", "-----BEGIN PRIVATE KEY-----\n%\n%\n-----END PRIVATE KEY-----",
	"{\n\t\"a\\u002d\": \"\\u0070%\\n%\"\n}", "\x00%\xff", "\t%", `{"status":200,"envelope":{"bucketName":"%"}}`, `{"n":12345678901234567890}`,
}

// hostile responds to every request with secrets in every part of the response.
func (p *planter) hostile(template string) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.Body != nil {
			_, _ = io.Copy(io.Discard, req.Body)
			_ = req.Body.Close()
		}
		return &http.Response{
			Status: "200 " + p.secret(), StatusCode: http.StatusOK, Proto: p.secret(), ProtoMajor: 1, ProtoMinor: 1, Request: req,
			Header: p.header(), Trailer: http.Header{p.secret(): {p.secret()}}, TransferEncoding: []string{p.secret()},
			Body: io.NopCloser(strings.NewReader(p.fill(template))),
		}, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// header returns a header with every name and every template, and with names that are
// secrets.
func (p *planter) header() http.Header {
	h := http.Header{p.secret(): {p.secret()}}
	for _, name := range headerNames {
		for _, template := range headerTemplates {
			h[name] = append(h[name], p.fill(template))
		}
	}
	return h
}

func (p *planter) request(t *testing.T, address, body string) *http.Request {
	t.Helper()
	u, err := url.Parse(p.fill(strings.ReplaceAll(address, "%5B%5D", "x")))
	if err != nil {
		t.Fatal(err)
	}
	return (&http.Request{
		Method: http.MethodPost, URL: u, Host: p.secret() + ".example", Proto: p.secret(), RequestURI: p.secret(), RemoteAddr: p.secret(),
		Header: p.header(), Trailer: http.Header{p.secret(): {p.secret()}}, Body: io.NopCloser(strings.NewReader(p.fill(body))), Form: url.Values{p.secret(): {p.secret()}},
	}).WithContext(t.Context())
}

// TestRecorderLeavesNoSecretOnTheDisk puts a secret into every part of an exchange. The
// recorder is at the worst position in the chain, below authentication.
func TestRecorderLeavesNoSecretOnTheDisk(t *testing.T) {
	for name, spec := range map[string][]byte{"export buckets": nil, "a specification": []byte(clusterSpec)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leavesNoSecret(t, contracttest.RecorderOptions{Spec: spec})
		})
	}
}

func leavesNoSecret(t *testing.T, opts contracttest.RecorderOptions) {
	dir := t.TempDir()
	rec := newRecorder(t, dir, opts)
	var p planter
	var running sync.WaitGroup
	for _, address := range addresses {
		for _, body := range bodies {
			req, next := p.request(t, address, body), rec.Middleware(p.hostile(body))
			running.Go(func() {
				resp, err := next.RoundTrip(req)
				if err != nil {
					t.Error(err)
					return
				}
				defer resp.Body.Close()
				if text, err := io.ReadAll(resp.Body); err != nil || strings.Contains(body, "%") && !planted.Match(text) {
					t.Errorf("the caller got %q, %v", text, err)
				}
			})
		}
	}
	running.Wait()
	if err := rec.Close(); err != nil {
		t.Error(err)
	}
	if n := interactions(t, dir); n != len(addresses)*len(bodies) || p.planted.Load() < 10_000 {
		t.Errorf("%d exchanges recorded, %d secrets planted", n, p.planted.Load())
	}
	for name, text := range disk(t, dir) {
		for _, at := range planted.FindAllStringIndex(text, 5) {
			t.Errorf("%s contains %q", filepath.Base(name), text[max(0, at[0]-60):min(len(text), at[1]+20)])
		}
		if strings.Contains(text, "5f1a2b3c4d5e6f708192a3b4") || strings.Contains(text, "12345678901234567890") {
			t.Errorf("%s contains the project's id or a long number", name)
		}
	}
}

// TestPlantedSecretsAreFound checks that the search in this test finds secrets.
func TestPlantedSecretsAreFound(t *testing.T) {
	var p planter
	for i := range 3 {
		for _, text := range []string{p.secret(), url.QueryEscape(p.secret()), strings.ToUpper(p.secret()), base64.StdEncoding.EncodeToString([]byte(strings.Repeat("u", i) + p.secret() + ":x"))} {
			if !planted.MatchString(text) {
				t.Errorf("%q is not found", text)
			}
		}
	}
}

// disk returns every file below dir with its content.
func disk(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = path + "\n" + string(text)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in %s: %v", len(files), dir, err)
	}
	return files
}

// interactions returns the number of interactions recorded in dir.
func interactions(t *testing.T, dir string) (n int) {
	t.Helper()
	for _, text := range disk(t, dir) {
		n += bytes.Count([]byte(text), []byte("\n  - id: "))
	}
	return n
}
