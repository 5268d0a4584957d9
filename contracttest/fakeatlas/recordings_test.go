package fakeatlas_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// The recordings with which the fake is compared. The real recordings are not part of the
// module; seen and shapes have the same structure with made-up values.
const (
	seen       = "../testdata/seen"
	shapes     = "../testdata/shapes"
	recordings = "../../../shared/recordings"
)

// explained lists the known differences between the real recordings and the fake, each with
// the reason. Some have an end date; later recordings do not have the difference.
var explained = []struct {
	difference string
	until      string
	reason     string
}{
	{"header Connection: only recorded", "", "the recorder closed its own connection after long responses; HTTP/2, which Atlas uses, has no such header"},
	{"header Ratelimit-Limit: only here", "2026-01-01", "Atlas sends it since 2026"},
	{"header Ratelimit-Remaining: only here", "2026-01-01", "Atlas sends it since 2026"},
	{"field requirePrivateNetworking: only here", "2025-08-01", "Atlas shows it since 2025-08"},
	{"field region: only here", "2025-08-01", "Atlas shows it since 2025-08"},
}

// The test compares the fake with Atlas: it sends each recorded request to a fake that has
// the state of Atlas at that time, and compares the status, names of headers, media type,
// and the bytes of the body, except for the id that a create generates. If only one of the
// bodies has a field, the order of the other fields is compared.
func TestFakeMatchesRecordings(t *testing.T) {
	slowtest.Skip(t)
	t.Run("seen", func(t *testing.T) {
		for difference := range differences(t, seen) {
			t.Error(difference)
		}
	})
	t.Run("shapes", func(t *testing.T) { differences(t, shapes) })
	t.Run("real", func(t *testing.T) {
		if _, err := os.Stat(recordings); errors.Is(err, fs.ErrNotExist) {
			t.Skipf("no recordings at %s", recordings)
		}
		found := differences(t, recordings)
		for _, e := range explained {
			if found[e.difference] == 0 {
				t.Errorf("%q is explained, but does not occur any more", e.difference)
			}
		}
		for difference, n := range found {
			t.Logf("%3d times %s", n, difference)
		}
	})
}

// differences compares the fake with the recordings in a folder. It returns how often each
// difference was found, and reports unexplained ones.
func differences(t *testing.T, folder string) map[string]int {
	t.Helper()
	compared, found := 0, map[string]int{}
	r := recording.NewReader(recording.Paths(folder), recording.Options{})
	for x, err := range r.Exchanges(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if !projectPath.MatchString(x.Request.URL.Path) {
			continue // TestTokenLimits checks the token endpoint
		}
		compared++
		day := recordedOn(t, x)
		for _, difference := range compare(t, x) {
			if !isExplained(difference, day) {
				t.Errorf("%s entry %d, %s %s of %s: %s", x.Source.File, x.Source.Entry, x.Request.Method, x.Request.URL.Path, day, difference)
			}
			found[difference]++
		}
	}
	if compared == 0 {
		t.Errorf("no recordings in %s", folder)
	}
	t.Logf("%d exchanges compared", compared)
	return found
}

func isExplained(difference, day string) bool {
	for _, e := range explained {
		if e.difference == difference && (e.until == "" || day < e.until) {
			return true
		}
	}
	return false
}

func recordedOn(t *testing.T, x *recording.Exchange) string {
	t.Helper()
	date, err := http.ParseTime(x.Response.Header.Get("Date"))
	if err != nil {
		t.Fatal(err)
	}
	return date.Format(time.DateOnly)
}

var projectPath = regexp.MustCompile(`/groups/([a-f0-9]{24})/backup/exportBuckets(?:/([a-f0-9]{24}))?$`)

// compare sends one recorded request to a separate fake.
func compare(t *testing.T, x *recording.Exchange) []string {
	t.Helper()
	got := ask(t, x)
	var out []string
	if got.status != x.Response.Status {
		out = append(out, fmt.Sprintf("status %d here, %d recorded", got.status, x.Response.Status))
	}
	if here, there := got.header.Get("Content-Type"), x.Response.Header.Get("Content-Type"); here != there {
		out = append(out, fmt.Sprintf("media type %q here, %q recorded", here, there))
	}
	if here, there := got.header.Get("X-Error-Code"), x.Response.Header.Get("X-Error-Code"); here != there {
		out = append(out, fmt.Sprintf("X-Error-Code %q here, %q recorded", here, there))
	}
	out = append(out, sets("header", got.header, x.Response.Header)...)
	return append(out, compareBodies(t, got.body, string(x.Response.Body.Bytes))...)
}

// ask starts a fake with the state that Atlas had, as far as the response shows it, and
// sends the request to the fake.
func ask(t *testing.T, x *recording.Exchange) reply {
	t.Helper()
	m := projectPath.FindStringSubmatch(x.Request.URL.Path)
	opts := []fakeatlas.Option{fakeatlas.InMemory()}
	recorded := string(x.Response.Body.Bytes)
	if !strings.Contains(recorded, "GROUP_NOT_FOUND") {
		opts = append(opts, fakeatlas.Project(m[1], recordedState(t, x, m[2])...))
	}
	if strings.Contains(recorded, `"errorCode" :`) {
		opts = append(opts, fakeatlas.ChallengeErrorCode())
	}
	srv := fakeatlas.New(t, opts...)
	c := bearer(t, srv)
	if x.Response.Status == http.StatusUnauthorized {
		c = plain(t, srv)
	}
	body := ""
	if x.Request.Method == http.MethodPost {
		body = asked(t, x)
	}
	got := c.askHost(t, x, body)
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	return got
}

// askHost sends the recorded request under the host that the recorder had, because links
// begin with it.
func (c caller) askHost(t *testing.T, x *recording.Exchange, body string) reply {
	t.Helper()
	u := url.URL{Scheme: "http", Host: "localhost:8080", Path: x.Request.URL.Path, RawQuery: x.Request.URL.RawQuery}
	c.srv.URL = u.Scheme + "://" + u.Host
	return c.ask(x.Request.Method, u.RequestURI(), body, "Accept: "+x.Request.Header.Get("Accept"))
}

type recordedBucket struct {
	ID                       string `json:"_id"`
	BucketName               string
	CloudProvider            fakeatlas.Provider
	IAMRoleID                string `json:"iamRoleId"`
	Region                   string
	RequirePrivateNetworking bool
}

func (b recordedBucket) bucket() fakeatlas.Bucket {
	return fakeatlas.Bucket{
		ID: b.ID, Provider: b.CloudProvider, BucketName: b.BucketName, IAMRoleID: b.IAMRoleID,
		Region: b.Region, RequirePrivateNetworking: b.RequirePrivateNetworking,
	}
}

// recordedState returns the buckets of the project when the exchange was recorded, as
// far as the response shows them.
func recordedState(t *testing.T, x *recording.Exchange, id string) []fakeatlas.Bucket {
	t.Helper()
	switch {
	case x.Request.Method == http.MethodPost, x.Response.Status >= 400:
		return nil
	case x.Request.Method == http.MethodDelete:
		return []fakeatlas.Bucket{{ID: id}}
	case id != "":
		var b recordedBucket
		decode(t, x, &b)
		return []fakeatlas.Bucket{b.bucket()}
	}
	var list struct {
		Results    []recordedBucket
		TotalCount int
	}
	decode(t, x, &list)
	buckets := make([]fakeatlas.Bucket, max(list.TotalCount, len(list.Results))) // the buckets of later pages are made up
	for i, b := range list.Results {
		buckets[i] = b.bucket()
	}
	return buckets
}

// asked returns a body for a create whose body was not recorded. It is derived from the
// response.
func asked(t *testing.T, x *recording.Exchange) string {
	t.Helper()
	var b recordedBucket
	decode(t, x, &b)
	return fmt.Sprintf(`{"cloudProvider":%q,"bucketName":%q,"iamRoleId":%q}`, b.CloudProvider, b.BucketName, b.IAMRoleID)
}

func decode(t *testing.T, x *recording.Exchange, into any) {
	t.Helper()
	if err := json.Unmarshal(x.Response.Body.Bytes, into); err != nil {
		t.Fatalf("%s entry %d: %v", x.Source.File, x.Source.Entry, err)
	}
}

// compareBodies returns the fields that only one of the bodies has, and whether the order
// of the others differs. If both have the same fields, they must be equal byte for byte.
func compareBodies(t *testing.T, here, there string) []string {
	t.Helper()
	here = madeUpID.ReplaceAllString(here, `"_id":"made up"`)
	if !strings.Contains(there, `"results"`) && strings.Contains(here, "made up") {
		there = anyID.ReplaceAllString(there, `"_id":"made up"`)
	}
	out := sets("field", fields(here), fields(there))
	switch {
	case len(out) == 0 && here != there:
		return []string{fmt.Sprintf("body here\n%s\nrecorded\n%s", here, there)}
	case len(out) > 0 && !slices.Equal(common(here, there), common(there, here)):
		return append(out, fmt.Sprintf("order of fields here\n%s\nrecorded\n%s", here, there))
	}
	return out
}

// common returns the names of the fields of a body, in its order, that the other body also
// has.
func common(body, other string) []string {
	var out []string
	for _, m := range fieldName.FindAllStringSubmatch(body, -1) {
		if fields(other)[m[1]] {
			out = append(out, m[1])
		}
	}
	return out
}

var (
	madeUpID = regexp.MustCompile(`"_id":"6657[a-f0-9]{4}0000000001[a-f0-9]{6}"`) // as the fake creates them
	anyID    = regexp.MustCompile(`"_id":"[a-f0-9]{24}"`)
)

var fieldName = regexp.MustCompile(`"([A-Za-z_]+)":`)

func fields(body string) map[string]bool {
	out := map[string]bool{}
	for _, m := range fieldName.FindAllStringSubmatch(body, -1) {
		out[m[1]] = true
	}
	return out
}

// sets returns the keys that only one of two maps has.
func sets[A, B any](what string, here map[string]A, there map[string]B) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(here)) {
		if _, ok := there[name]; !ok {
			out = append(out, what+" "+name+": only here")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if _, ok := here[name]; !ok {
			out = append(out, what+" "+name+": only recorded")
		}
	}
	return out
}
