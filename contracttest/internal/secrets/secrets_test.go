package secrets

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	jwt    = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZGIifQ.c2lnbmF0dXJl"
	uuid   = "3f0c5a52-1f0e-4a7b-8a5d-6d1f2b9c7e10"
	digest = `Digest username="pub", realm="MMS Public API", nonce="bm9uY2U=", uri="/", response="0123456789abcdef0123456789abcdef", nc=00000001`
)

func TestInHeader(t *testing.T) {
	tests := []struct {
		name, value string
		secret      bool
	}{
		{"Authorization", "Bearer " + jwt, true},
		{"Authorization", "Basic cHViOnByaXY=", true},
		{"Authorization", digest, true},
		{"Authorization", uuid, true},
		{"Authorization", "Bearer [REDACTED]", false},
		{"Authorization", "Bearer ***", false},
		{"Authorization", "Bearer", false},
		{"Authorization", "Basic", false},
		{"Authorization", "Digest", false},
		{"Authorization", "Negotiate", false},
		{"Authorization", "Token [REDACTED]", false},
		{"Authorization", "Token " + uuid, true},
		{"Authorization", "Bearer <token>", false},
		{"Authorization", "Bearer ${TOKEN}", false},
		{"Authorization", "", false},
		{"Authorization", `Digest username="REDACTED", response="0123456789abcdef0123456789abcdef"`, true},
		{"Authorization", `Digest username="pub", response="[REDACTED]"`, false},
		{"Proxy-Authorization", "Basic cHViOnByaXY=", true},
		{"Cookie", "sid=8a9bc0", true},
		{"Cookie", "sid=REDACTED; theme=<removed>", false},
		{"Set-Cookie", "sid=8a9bc0; Path=/; HttpOnly", true},
		{"Set-Cookie", "sid=; Path=/; Max-Age=0", false},
		{"Set-Cookie", "sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=a.example; SameSite=Lax; Priority=High; Secure", false},
		{"Set-Cookie", "sid=; Domains=a.example", true},
		{"X-Api-Key", "abc", true},
		{"X-Api-Key", "********-****-****-01bdd56c8977", false},
		{"X-Api-Key", "••••••••••••1b3f", false},
		{"X-Api-Key", "****abcd", false},
		{"X-Api-Key", "****abcde", true},
		{"X-Api-Key", "***abc", true},
		{"X-Api-Key", "a*b*", true},
		{"Www-Authenticate", `Digest realm="MMS Public API", domain="", nonce="bm9uY2U=", algorithm=MD5, qop="auth", stale=false`, false},
		{"Etag", `"0123456789abcdef0123456789abcdef"`, false},
		{"Location", "https://user:" + uuid + "@cloud.mongodb.com/", true},
		{"X-Forwarded-Authorization", "Bearer " + jwt, true},
		{"Date", "Mon, 19 Jan 2026 03:01:27 GMT", false},
	}
	for _, tt := range tests {
		if got := InHeader(tt.name, tt.value); (got != "") != tt.secret {
			t.Errorf("%s: %s is %q; a secret: %v", tt.name, tt.value, got, tt.secret)
		}
	}
}

var texts = []struct{ text, secret string }{
	{`{"access_token":"abcdefgh","token_type":"Bearer"}`, "abcdefgh"},
	{`{"privateKey":"********-****-****-01bdd56c8977","x":{"privateKey":"` + uuid + `"}}`, uuid},
	{`{"password":"correct**horse"}`, "correct**horse"},
	{`{"accessToken": "abcdefgh"}`, "abcdefgh"},
	{`{"token":"` + jwt + `"}`, jwt},
	{`see ` + jwt + ` there`, jwt},
	{jwt, jwt},
	{"mdb_sa_sk_0123456789abcdef", "mdb_sa_sk_0123456789abcdef"},
	{"Bearer abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz"},
	{`{"privateKey":"` + uuid + `"}`, uuid},
	{`{\"private_key\":\"` + uuid + `\"}`, uuid},
	{`{\"accessToken\":\"abcdefgh\"}`, "abcdefgh"},
	{`{\"client_secret\":\"hunter2\"}`, "hunter2"},
	{`{"clientSecret":"mdb_sa_sk_0123456789abcdef"}`, "mdb_sa_sk_0123456789abcdef"},
	{`{"name":"mdb_sa_sk_0123456789abcdef"}`, "mdb_sa_sk_0123456789abcdef"},
	{`{"password":"hunter2"}`, "hunter2"},
	{"grant_type=client_credentials&client_secret=hunter2&x=1", "hunter2"},
	{"token=hunter2&token_type_hint=access_token", "hunter2"},
	{"curl -H 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz'", "abcdefghijklmnopqrstuvwxyz"},
	{`-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----`, "MIIEvQ=="},
	{"-----BEGIN EC PRIVATE KEY-----\nMHc=\n", "MHc="},
	{"https://user:hunter2@cloud.mongodb.com/x", "hunter2"},
	{digest, "0123456789abcdef0123456789abcdef"},
	{`{"password":"REDACTED","privateKey":"hunter2"}`, "hunter2"},
}

func TestInText(t *testing.T) {
	for _, tt := range texts {
		f := InText([]byte(tt.text))
		if f.What == "" || !strings.Contains(tt.text[f.Start:f.End], tt.secret) {
			t.Errorf("%s: found %q", tt.text, tt.text[f.Start:f.End])
		}
		if got := Redact(tt.text); strings.Contains(got, tt.secret) || !strings.Contains(got, Redacted) {
			t.Errorf("%s: redacted to %s", tt.text, got)
		}
	}
}

// TestFirstSecret checks that the first of several credentials is returned, with the most
// specific description of its kind.
func TestFirstSecret(t *testing.T) {
	const secret = "mdb_sa_sk_0123456789abcdef"
	for text, want := range map[string]Found{
		`{"password":"hunter2","token":"` + jwt + `"}`:     {"a password", 13, 20},
		`{"id_token":"` + uuid + `","password":"hunter2"}`: {"an access token", 13, 49},
		secret + ` "password":"hunter2"`:                   {"a service account's secret", 0, 26},
		`{"clientSecret":"` + secret + `"}`:                {"a service account's secret", 17, 43},
		`{"client_secret":"` + uuid + `"}`:                 {"a client secret", 18, 54},
	} {
		if got := InText([]byte(text)); got != want {
			t.Errorf("%s: found %+v, want %+v", text, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	const secret = "mdb_sa_sk_0123456789abcdef"
	short := "x " + secret + " y"
	long := strings.Repeat("a", 3*context)
	for _, tt := range []struct {
		text       string
		start, end int
		want       string
	}{
		{short, 0, len(short), "x [redacted] y"},
		{short, 0, 2, "x "},
		{short, 0, 3, "x [redacted]"},
		{short, 2, 2, ""},
		{short, len(short) - 3, len(short), "[redacted] y"},
		{short, len(short) - 2, len(short), " y"},
		{short, 5, 6, "[redacted]"},
		{long + short + long, len(long), len(long) + len(short), "x [redacted] y"},
		{long + short + long, 2 * context, len(long) + 3, long[2*context:] + "x [redacted]"},
		{long + short + long, len(long) + 3, len(long) + len(short) + 1, "[redacted] ya"},
		{secret + " " + long, len(secret) + 1, len(secret) + 4, "aaa"},
		{strings.Repeat("token=hunter2 ", maxRedactions-1), 14, 28, "token=[redacted] "},
		{strings.Repeat("token=hunter2 ", maxRedactions), 14, 28, "[redacted]"},
	} {
		if got := Mask(tt.text, tt.start, tt.end); got != tt.want {
			t.Errorf("%.40q cut from %d to %d: got %.80q, want %.80q", tt.text, tt.start, tt.end, got, tt.want)
		}
		if got := Mask([]byte(tt.text), tt.start, tt.end); got != tt.want {
			t.Errorf("the bytes of %.40q cut from %d to %d: got %.80q, want %.80q", tt.text, tt.start, tt.end, got, tt.want)
		}
	}
}

func TestTextsWithoutSecret(t *testing.T) {
	for _, text := range []string{
		`{"_id":"65566a5f1d4b3b0ca4f3b78b","requirePrivateNetworking":false,"tenantId":"` + uuid + `"}`,
		`{"access_token":"[REDACTED]","privateKey":"********"}`,
		`{"privateKey":"********-****-****-01bdd56c8977"}`, `{"secret":"****************************a23c"}`,
		`{"token_type":"Bearer","expires_in":3600}`,
		`{"detail":"Resource /api/oauth/token is limited to 10 requests every 1 minutes.","parameters":["/api/oauth/token",10,1]}`,
		"http://localhost:8080/api/atlas/v2/groups/b0123456789abcdef012345b/backup/exportBuckets?pageNum=1",
		"mail someone@example.org: see http://example.org:8080/a@b",
		"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
		"eyJ", "Bearer token", "mdb_sa_id_0123456789abcdef", "",
	} {
		if f := InText([]byte(text)); f.What != "" {
			t.Errorf("%s: taken for %s: %s", text, f.What, text[f.Start:f.End])
		}
		if got := Redact(text); got != text {
			t.Errorf("%s: changed to %s", text, got)
		}
	}
}

// TestMaskLeavesNothing checks that a text that is cut at any position, even in the middle of
// a credential, contains no part of the credential.
func TestMaskLeavesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tt := rapid.SampledFrom(texts).Draw(t, "text")
		filler := rapid.StringMatching(`[ a-z{}:,]{0,40}`)
		text := filler.Draw(t, "before") + " " + tt.text + " " + filler.Draw(t, "after")
		start := rapid.IntRange(0, len(text)).Draw(t, "start")
		end := rapid.IntRange(start, len(text)).Draw(t, "end")
		got := Mask(text, start, end)
		for i := 0; i+6 <= len(tt.secret); i++ {
			if part := tt.secret[i : i+6]; strings.Contains(got, part) {
				t.Fatalf("%q of %q cut to %q", part, text, got)
			}
		}
	})
}

// FuzzRedact checks that redacting ends, and that redacting the result again changes
// nothing.
func FuzzRedact(f *testing.F) {
	for _, tt := range texts {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Redact(text)
		if found := InText([]byte(got)); found.What != "" {
			t.Errorf("%q became %q, which still contains %s", text, got, found.What)
		}
	})
}
