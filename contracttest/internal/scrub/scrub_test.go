package scrub_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/scrub"
)

const (
	project = "5f1a2b3c4d5e6f708192a3b4"
	bucket  = "65566a5f1d4b3b0ca4f3b78b"
	role    = "60113b99ce5a6a3d72ea7454"
	tenant  = "7d1c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
)

func newScrubber(t *testing.T, rules scrub.Rules) *scrub.Scrubber {
	t.Helper()
	s, err := scrub.New(rules)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://cloud.mongodb.com/api/atlas/v2/groups/" + project + "/backup/exportBuckets/" + bucket + "?pretty=true&itemsPerPage=5": "https://cloud.mongodb.com/api/atlas/v2/groups/a00000000000000000000001/backup/exportBuckets/b00000000000000000000001?pretty=true&itemsPerPage=5",
		"http://127.0.0.1:8080/api/atlas/v1.0/groups/BAD/backup/exportBuckets?pageNum=0&pageNum=-1":                                    "http://127.0.0.1:8080/api/atlas/v1.0/groups/redacted/backup/exportBuckets?pageNum=0&pageNum=-1",
		"https://user:hunter2@proxy.corp.internal:8443/api?token=abc&itemsPerPage=s3cret&pretty&x=" + role + "#frag":                   "https://host-000001.example:8443/api?redacted=redacted&itemsPerPage=redacted&pretty&redacted=d00000000000000000000001",
		"/api/atlas/v2/groups/" + project + "/clusters/Production":                                                                     "/api/atlas/v2/groups/a00000000000000000000001/clusters/redacted",
		"https://CLOUD.mongodbgov.com/api/oauth/revoke":                                                                                "https://cloud.mongodbgov.com/api/oauth/revoke",
		"http://[::1]:8080/api/atlas/v2/orgs/" + role:                                                                                  "http://[::1]:8080/api/atlas/v2/orgs/d00000000000000000000001",
		"/api/atlas/v2/groups/" + project + "/x?a=%36" + role[1:]:                                                                      "/api/atlas/v2/groups/a00000000000000000000001/redacted?redacted=d00000000000000000000001",
		"https://h/%zz": "redacted", "mailto:someone@example.org": "redacted", "ftp://h/a": "//host-000001.example/redacted", "": "",
		"https://cloud.mongodb.com/api?a=%zz&b=&=c&&d": "https://cloud.mongodb.com/api?redacted=redacted&redacted=&redacted=redacted&&redacted",
	} {
		if got := newScrubber(t, scrub.Rules{}).URL(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestHeader(t *testing.T) {
	in := http.Header{
		"Accept": {"application/vnd.atlas.2024-05-30+json", "text/html, */*;q=0.5,, text/s3cret1; ,application/json;"}, "content-type": {"application/vnd.atlas.2024-05-30+json;charset=utf-8", "TEXT/html; x=secret", "application/vnd.s3cr3t9value+json"},
		"Authorization": {"Bearer abc"}, "Proxy-Authorization": {"Basic abc"}, "Cookie": {"a=b"}, "Set-Cookie": {"a=b"}, "X-Api-Key": {"k"}, "User-Agent": {"me"}, "Server": {"s"}, "X-Anything": {"y"},
		"Ratelimit-Limit": {"1200", "many"}, "Ratelimit-Remaining": {"-1", "0", "s3cret"}, "Retry-After": {"10", "Mon, 19 Jan 2026 03:01:27 GMT", "soon"}, "Date": {"Mon, 19 Jan 2026 03:01:27 GMT", "s3cret"}, "Sunset": {"Thu, 1 Jul 2027 00:00:00 GMT"},
		"Deprecation": {"@1688169599", "true", "x"}, "X-Error-Code": {"EXPORT_BUCKET_NOT_FOUND", "s3cret"}, "Content-Length": {"155"},
		"Www-Authenticate": {`Digest realm="MMS Public API", domain="", nonce="c2VjcmV0IG5vbmNlIHNlY3JldA==", algorithm=MD5, qop="auth", stale=false, opaque="s3cret", extra="s3cret"`, "Negotiate s3cret", "Bearer", `Basic realm="s3cret.example", qop="S3CRET", stale=s3cret, algorithm="s3cret"`},
	}
	want := http.Header{
		"Accept": {"application/vnd.atlas.2024-05-30+json", "text/html, */*;q=0.5,,redacted/redacted; ,application/json;"}, "Content-Type": {"application/vnd.atlas.2024-05-30+json;charset=utf-8", "TEXT/html;redacted=redacted", "redacted/redacted"},
		"Ratelimit-Limit": {"1200", "redacted"}, "Ratelimit-Remaining": {"-1", "0", "redacted"}, "Retry-After": {"10", "Mon, 19 Jan 2026 03:01:27 GMT", "redacted"}, "Date": {"Mon, 19 Jan 2026 03:01:27 GMT", "redacted"}, "Sunset": {"Thu, 1 Jul 2027 00:00:00 GMT"},
		"Deprecation": {"@1688169599", "true", "redacted"}, "X-Error-Code": {"EXPORT_BUCKET_NOT_FOUND", "redacted"}, "Content-Length": {"155"},
		"Www-Authenticate": {`Digest realm="MMS Public API", domain="redacted", nonce="redacted", algorithm="MD5", qop="auth", stale="false", opaque="redacted"`, "redacted", "Bearer", `Basic realm="redacted", qop="redacted", stale="redacted", algorithm="redacted"`},
	}
	if diff := cmp.Diff(want, newScrubber(t, scrub.Rules{}).Header(in)); diff != "" {
		t.Error(diff)
	}
}

func TestBody(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"AWS": {
			`{"_id":"` + bucket + `","bucketName":"acme-prod","cloudProvider":"AWS","iamRoleId":"` + role + `","region":"us-east-1","requirePrivateNetworking":false}`,
			`{"_id":"b00000000000000000000001","bucketName":"bucket-000001","cloudProvider":"AWS","iamRoleId":"c00000000000000000000001","region":"us-east-1","requirePrivateNetworking":false}`,
		},
		"Azure": {
			`{"serviceUrl":"https://acme.blob.core.windows.net/backups/x?sig=s3cret","tenantId":"` + tenant + `","roleId":"` + role + `","bucketName":"backups"}`,
			`{"serviceUrl":"https://account000001.blob.core.windows.net/bucket-000001","tenantId":"00000000-0000-4000-8000-000000000001","roleId":"c00000000000000000000001","bucketName":"bucket-000001"}`,
		},
		"ids": {
			`{"id":"` + bucket + `","exportBucketId":"` + role + `","projectId":"` + project + `","groupId":"` + bucket[1:] + `b","other":"` + role[1:] + `c"}`,
			`{"id":"b00000000000000000000001","exportBucketId":"b00000000000000000000002","projectId":"a00000000000000000000001","groupId":"a00000000000000000000002","other":"d00000000000000000000001"}`,
		},
		"service URLs": {
			`[{"serviceUrl":"https://acme.blob.core.windows.net"},{"serviceUrl":"http://acme.blob.core.windows.net/"},{"serviceUrl":"https://acme.storage.corp.internal/backups"},{"serviceUrl":"https://acme.blob.core.windows.net/%zz"},{"serviceUrl":"https://acme.blob.core.windows.net/b"}]`,
			`[{"serviceUrl":"https://account000001.blob.core.windows.net"},{"serviceUrl":"https://service-000001.storage.example"},{"serviceUrl":"https://service-000002.storage.example"},{"serviceUrl":"https://service-000003.storage.example"},{"serviceUrl":"https://account000001.blob.core.windows.net/x"}]`,
		},
		"fields in prose": {
			`{"detail":"requirePrivateNetworking, totalCount and badRequestDetail of bucketName; not newField or s3cretField."}`,
			`{"detail":"requirePrivateNetworking, totalCount and badRequestDetail of bucketName; not redacted or redacted."}`,
		},
		"addresses in prose": {
			`{"detail":"See https://cloud.mongodb.com/api/s3cret and http://acme.internal/groups."}`,
			`{"detail":"See https://cloud.mongodb.com/api/redacted and http://host-000001.example/groups."}`,
		},
		"odd field names": {
			`{"":"s3cret","` + role + `":1,"status":200,"links":[]}`,
			`{"":"redacted","d00000000000000000000001":1,"status":200,"links":[]}`,
		},
		"list": {
			"{\n  \"links\" : [ {\"href\":\"http://localhost:8080/api/atlas/v2/groups/" + project + "/backup/exportBuckets?includeCount=true\\u0026pageNum=2\", \"rel\":\"next\"} ],\n  \"results\" : [ ], \"totalCount\" : 2508\n}\n",
			"{\n  \"links\" : [ {\"href\":\"http://localhost:8080/api/atlas/v2/groups/a00000000000000000000001/backup/exportBuckets?includeCount=true&pageNum=2\", \"rel\":\"next\"} ],\n  \"results\" : [ ], \"totalCount\" : 2508\n}\n",
		},
		"error": {
			`{"detail":"No group with ID ` + project + ` exists for someone@example.org.","error":404,"errorCode":"GROUP_NOT_FOUND","parameters":["` + project + `",10,null,"/api/oauth/token","s3cret/x"],"reason":"Not Found","badRequestDetail":{"fields":[{"field":"bucketName","description":"can't be s3cret"}]}}`,
			`{"detail":"No group with ID d00000000000000000000001 exists for redacted.","error":404,"errorCode":"GROUP_NOT_FOUND","parameters":["d00000000000000000000001",10,null,"/api/oauth/token","redacted"],"reason":"Not Found","badRequestDetail":{"fields":[{"field":"bucketName","description":"can't be redacted"}]}}`,
		},
		"unknown fields": {
			`{"secret":"s3cret","newField":{"s3cret-key":"x","7d1c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d":1,"deep":[["s3cret",{"a":"s3cret"}]]},"b\"c":true,"account":123456789012,"f":-1.5e-10}`,
			`{"secret":"redacted","newField":{"redacted1":"redacted","00000000-0000-4000-8000-000000000001":1,"deep":[["redacted",{"a":"redacted"}]]},"redacted2":true,"account":999999999999,"f":-1.5e-10}`,
		},
		"faults remain":     {`{"_id":"` + bucket + `","_id":"BAD","x":1,}`, `{"_id":"b00000000000000000000001","_id":"redacted","x":1,}`},
		"trailing data":     {`{"a":1} {"b":"s3cret!"}`, `{"a":1} {"redacted!"}`},
		"cut off":           {`{"_id":"` + bucket + `","bucketName":"acm`, `{"_id":"b00000000000000000000001","redacted`},
		"malformed":         {`{"a" 1}`, `{"a" 1}`},
		"HTML":              {"<html>\n<h1>502 Bad Gateway</h1> key=s3cret\n", "redacted\nredacted Bad redacted redacted\n"},
		"text":              {"upstream connect error, reset reason: overflow", "upstream connect error, reset reason: overflow"},
		"text made valid":   {"\x01{}\x01", "redacted"},
		"trailing slashes":  {"0//", "0 (was no JSON)"},
		"binary":            {"\x89PNG\x00\xff", "redacted"},
		"begins with a tab": {"\t{}", "{}"},
		"a text alone":      {`"s3cret"`, `"redacted"`},
		"empty":             {"", ""},
		"an escaped id":     {`{"_id":"\u0036` + bucket[1:] + `"}`, `{"_id":"b00000000000000000000001"}`},
		"an escaped field":  {`{"\u005fid":"` + bucket + `"}`, `{"\u005fid":"b00000000000000000000001"}`},
		"envelope":          {`{"status":200,"envelope":{"_id":"` + bucket + `"}}`, `{"status":200,"envelope":{"_id":"b00000000000000000000001"}}`},
	} {
		if got := string(newScrubber(t, scrub.Rules{}).Body([]byte(tc.in))); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", name, got, tc.want)
		}
	}
}

// Equal values have the same placeholder in every place.
func TestPlaceholdersAreConsistent(t *testing.T) {
	s := newScrubber(t, scrub.Rules{})
	path := s.URL("/api/atlas/v2/groups/" + project + "/backup/exportBuckets/" + bucket)
	body := string(s.Body([]byte(`{"detail":"` + bucket + ` of ` + project + `","_id":"` + bucket + `","bucketName":"acme-prod","reason":"acme-prod","serviceUrl":"https://acme.blob.core.windows.net/acme-prod"}`)))
	placeholders := regexp.MustCompile(`[ab]0{22}1`).FindAllString(path+body, -1)
	if len(placeholders) != 5 || placeholders[0] != placeholders[3] || placeholders[1] != placeholders[2] || placeholders[1] != placeholders[4] {
		t.Errorf("path %s\nbody %s", path, body)
	}
	if strings.Count(body, "bucket-000001") != 3 { // as the name, in the reason, and as the container
		t.Errorf("body %s", body)
	}
	if other := s.URL("/groups/" + role); strings.HasSuffix(other, "1") {
		t.Errorf("two projects share the placeholder %s", other)
	}
}

// contract contains the rules of the contract for fields. A placeholder must satisfy a rule
// if and only if the value did.
var contract = map[string]func(string) bool{
	"_id": regexp.MustCompile(`^([a-f0-9]{24})$`).MatchString, "iamRoleId": regexp.MustCompile(`^([a-f0-9]{24})$`).MatchString,
	"roleId": regexp.MustCompile(`^([a-f0-9]{24})$`).MatchString, "projectId": regexp.MustCompile(`^([a-f0-9]{24})$`).MatchString,
	"bucketName":    func(s string) bool { n := utf8.RuneCountInString(s); return n >= 3 && n <= 63 },
	"serviceUrl":    func(s string) bool { n := utf8.RuneCountInString(s); return n >= 33 && n <= 2048 },
	"tenantId":      regexp.MustCompile(`^(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`).MatchString,
	"cloudProvider": func(s string) bool { return s == "AWS" || s == "AZURE" || s == "GCP" },
}

func TestPlaceholdersConformToContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.SampledFrom(slices.Sorted(keys())).Draw(t, "field")
		value := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-f0-9]{23,25}`), rapid.StringMatching(`[A-Fa-f0-9]{24}`),
			rapid.StringMatching(`[a-z0-9.-]{0,70}`), rapid.StringMatching(`https://[a-z0-9]{1,24}\.blob\.core\.windows\.net(/[a-z]{1,70})?`),
			rapid.StringMatching(`[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{11,12}`),
			rapid.SampledFrom([]string{"AWS", "aws", "AZURE", "GCP", "OCI", strings.Repeat("x", 2049), strings.Repeat("ü", 64)})).Draw(t, "value")
		s, _ := scrub.New(scrub.Rules{})
		in, _ := json.Marshal(map[string]string{field: value})
		var out map[string]string
		if err := json.Unmarshal(s.Body(in), &out); err != nil {
			t.Fatalf("%s: %v", s.Body(in), err)
		}
		var seen map[string]string // the value that a reader sees: encoding/json replaces bytes that are not UTF-8
		_ = json.Unmarshal(in, &seen)
		if holds := contract[field]; holds(seen[field]) != holds(out[field]) {
			t.Fatalf("%s %q (holds: %v) became %q (holds: %v)", field, seen[field], holds(seen[field]), out[field], holds(out[field]))
		}
	})
}

func keys() func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range contract {
			if !yield(k) {
				return
			}
		}
	}
}

// A user's rules can remove more, but never less.
func TestUsersRules(t *testing.T) {
	secret := "key+with/odd=chars"
	s := newScrubber(t, scrub.Rules{
		Secrets: []string{secret, "gateway"}, Patterns: []*regexp.Regexp{regexp.MustCompile(`(?i)overflow\w*`)}, Headers: []string{"date"},
	})
	got := s.Header(http.Header{"Date": {"Mon, 19 Jan 2026 03:01:27 GMT"}, "Authorization": {"x"}, "Accept": {"text/gateway"}})
	if diff := cmp.Diff(http.Header{"Accept": {"text/redacted"}}, got); diff != "" {
		t.Error(diff)
	}
	if got := string(s.Body([]byte(`{"reason":"Bad Gateway overflowing"}`))); got != `{"reason":"Bad redacted redacted"}` {
		t.Errorf("got %s", got)
	}
	for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)), strings.ToUpper(secret)} {
		if err := s.Check("x " + form + " y"); err == nil || strings.Contains(err.Error(), form) {
			t.Errorf("%s: the check returns %v", form, err)
		}
	}
	if err := s.Check("nothing here"); err != nil {
		t.Error(err)
	}
	if err := s.Check(`https://u:pw@h`); err == nil || err.Error() != "a URL's password is left after scrubbing" {
		t.Errorf("got %v", err)
	}
}

func TestRulesThatAreRefused(t *testing.T) {
	for name, rules := range map[string]scrub.Rules{
		"short": {Secrets: []string{"abc"}}, "nil": {Patterns: []*regexp.Regexp{nil}}, "endless": {Patterns: []*regexp.Regexp{regexp.MustCompile("red.*")}},
	} {
		if _, err := scrub.New(rules); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A secret that is not a plain word is removed from every place of a body.
func FuzzBody(f *testing.F) {
	for _, body := range []string{`{"a":"%"}`, `{"%":1}`, `{"detail":"x % y","parameters":["%"]}`, `%`, `[{"href":"https://%/%?%=%"}]`, `{"a":"x`, `{"bucketName":"%"}`, `{"\u005f%":"\"%\\"}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, template string) {
		const secret = "pl4nted-S3CRET"
		if len(template) > 1<<16 {
			return
		}
		body := strings.ReplaceAll(template, "%", secret)
		s, _ := scrub.New(scrub.Rules{})
		got := s.Body([]byte(body))
		if strings.Contains(string(got), secret) {
			t.Fatalf("%q became %q", body, got)
		}
		if json.Valid([]byte(body)) != json.Valid(got) && body != "" {
			t.Fatalf("%q is valid=%v, but %q is not", body, json.Valid([]byte(body)), got)
		}
	})
}
