package digestauth_test

import (
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas/internal/digestauth"
)

const uri = "/api/atlas/v2/groups/1/backup/exportBuckets?pageNum=1"

func newVerifier(now *time.Time) *digestauth.Verifier {
	passwords := map[string]string{"public": "private"}
	password := func(user string) (string, bool) { p, ok := passwords[user]; return p, ok }
	return digestauth.New(password, func() time.Time { return *now }, 0)
}

// credentials returns the credentials that a client sends for a challenge.
func credentials(t testing.TB, challenge, user, password string, nc int) string {
	t.Helper()
	chal, err := digest.ParseChallenge(challenge)
	if err != nil {
		t.Fatal(err)
	}
	cred, err := digest.Digest(chal, digest.Options{Method: "GET", URI: uri, Username: user, Password: password, Count: nc})
	if err != nil {
		t.Fatal(err)
	}
	return cred.String()
}

var challengeForm = regexp.MustCompile(
	`^Digest realm="MMS Public API", domain="", nonce="([A-Za-z0-9+/]{32})", algorithm=MD5, qop="auth", stale=(true|false)$`)

func TestChallengeForm(t *testing.T) {
	now := time.Now()
	v := newVerifier(&now)
	seen := map[string]bool{}
	for _, stale := range []bool{false, true} {
		m := challengeForm.FindStringSubmatch(v.Challenge(stale))
		if m == nil {
			t.Fatalf("challenge %q has an unexpected form", v.Challenge(stale))
		}
		raw, err := base64.StdEncoding.DecodeString(m[1])
		if err != nil || len(raw) != 24 || seen[m[1]] {
			t.Errorf("nonce %q: %d bytes, err %v, issued before: %t", m[1], len(raw), err, seen[m[1]])
		}
		seen[m[1]] = true
		if m[2] != strconv.FormatBool(stale) {
			t.Errorf("stale=%s, want %t", m[2], stale)
		}
	}
}

func TestVerify(t *testing.T) {
	start := time.Now()
	for _, tt := range []struct {
		name string
		edit func(header string) string
		nc   int
		wait time.Duration
		want digestauth.Refusal
	}{
		{name: "right", nc: 1, want: digestauth.Accepted},
		{name: "hexadecimal count", nc: 0xff, want: digestauth.Accepted},
		{name: "just in time", nc: 1, wait: 60*time.Second - 1, want: digestauth.Accepted},
		{name: "too late", nc: 1, wait: 60 * time.Second, want: digestauth.Stale},
		{name: "upper-case response", nc: 1, want: digestauth.Accepted, edit: func(h string) string {
			before, response, _ := strings.Cut(h, `response="`)
			return before + `response="` + strings.ToUpper(response)
		}},
		{name: "other user", nc: 1, want: digestauth.UnknownUser, edit: replace(`username="public"`, `username="nobody"`)},
		{name: "other URI", nc: 1, want: digestauth.WrongURI, edit: replace("pageNum=1", "pageNum=2")},
		{name: "other realm", nc: 1, want: digestauth.Malformed, edit: replace("MMS Public API", "elsewhere")},
		{name: "other algorithm", nc: 1, want: digestauth.Malformed, edit: replace("algorithm=MD5", "algorithm=SHA-256")},
		{name: "no qop", nc: 1, want: digestauth.Malformed, edit: replace("qop=auth,", "")},
		{name: "count raised", nc: 1, want: digestauth.WrongResponse, edit: replace("nc=00000001", "nc=00000002")},
		{name: "negative count", nc: 1, want: digestauth.Malformed, edit: replace("nc=00000001", "nc=-0000001")},
		{name: "nonce changed", nc: 1, want: digestauth.WrongResponse, edit: replace(`nonce="`, `nonce="A`)},
		{name: "another scheme", nc: 1, want: digestauth.Malformed, edit: replace("Digest", "Basic")},
		{name: "nothing after the scheme", nc: 1, want: digestauth.Malformed, edit: func(string) string { return "Digest " }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now := start
			v := newVerifier(&now)
			header := credentials(t, v.Challenge(false), "public", "private", tt.nc)
			if tt.edit != nil {
				header = tt.edit(header)
			}
			now = now.Add(tt.wait)
			if _, got := v.Verify(header, "GET", uri); got != tt.want {
				t.Errorf("%s, want %s; header %s", got, tt.want, header)
			}
		})
	}
}

func replace(old, with string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, with, 1) }
}

// A count begins with 1. Client libraries do not make this mistake, so the test writes the
// header itself.
func TestCountOfZero(t *testing.T) {
	now := time.Now()
	v := newVerifier(&now)
	nonce := challengeForm.FindStringSubmatch(v.Challenge(false))[1]
	sum := func(s string) string { return fmt.Sprintf("%x", md5.Sum([]byte(s))) }
	response := sum(sum("public:MMS Public API:private") + ":" + nonce + ":00000000:c:auth:" + sum("GET:"+uri))
	header := fmt.Sprintf(`Digest username="public", realm="MMS Public API", nonce=%q, uri=%q, cnonce="c", nc=00000000, qop=auth, response=%q`,
		nonce, uri, response)
	if _, got := v.Verify(header, "GET", uri); got != digestauth.Replayed {
		t.Errorf("%s, want %s", got, digestauth.Replayed)
	}
}

// TestUserName checks the user name of credentials, right or wrong.
func TestUserName(t *testing.T) {
	now := time.Now()
	for header, want := range map[string]string{
		credentials(t, newVerifier(&now).Challenge(false), "nobody", "guess", 1): "nobody",
		"Bearer token": "",
		"":             "",
	} {
		if got := digestauth.UserName(header); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

func TestWrongPassword(t *testing.T) {
	now := time.Now()
	v := newVerifier(&now)
	if user, got := v.Verify(credentials(t, v.Challenge(false), "public", "guess", 1), "GET", uri); got != digestauth.WrongResponse || user != "public" {
		t.Errorf("%s for %q", got, user)
	}
}

// A nonce that was never issued is unknown even if the response computed with it is right.
func TestNonceOfOtherServer(t *testing.T) {
	now := time.Now()
	elsewhere, here := newVerifier(&now), newVerifier(&now)
	header := credentials(t, elsewhere.Challenge(false), "public", "private", 1)
	if _, got := here.Verify(header, "GET", uri); got != digestauth.UnknownNonce {
		t.Errorf("%s, want %s", got, digestauth.UnknownNonce)
	}
}

// Counters may overtake each other, but none is accepted twice, and a counter that is far
// behind is not accepted.
func TestCounters(t *testing.T) {
	now := time.Now()
	v := newVerifier(&now)
	challenge := v.Challenge(false)
	for _, step := range []struct {
		nc   int
		want digestauth.Refusal
	}{
		{1, digestauth.Accepted},
		{3, digestauth.Accepted},
		{1, digestauth.Replayed},
		{2, digestauth.Accepted}, // overtaken by 3
		{3, digestauth.Replayed},
		{2, digestauth.Replayed},
		{258, digestauth.Accepted},
		{2, digestauth.Replayed}, // outside of the window
		{3, digestauth.Replayed}, // within the window, and used
		{4, digestauth.Accepted}, // within the window, and unused
		{4, digestauth.Replayed},
		{1<<31 - 1, digestauth.Accepted},
		{258, digestauth.Replayed},
		{1<<31 - 256, digestauth.Accepted}, // the last in the window
		{1<<31 - 257, digestauth.Replayed},
	} {
		if _, got := v.Verify(credentials(t, challenge, "public", "private", step.nc), "GET", uri); got != step.want {
			t.Errorf("nc=%d: %s, want %s", step.nc, got, step.want)
		}
	}
}

// A flood of requests without credentials uses no memory, and a nonce issued before it is
// still valid.
func TestUnusedNoncesCostNothing(t *testing.T) {
	now := time.Now()
	v := newVerifier(&now)
	first := credentials(t, v.Challenge(false), "public", "private", 1)
	for range 1 << 17 {
		v.Challenge(false)
	}
	if _, got := v.Verify(first, "GET", uri); got != digestauth.Accepted {
		t.Errorf("the oldest nonce: %s, want %s", got, digestauth.Accepted)
	}
}

// A used nonce cannot be replayed during its lifetime, regardless of when in its lifetime
// it was first used. Afterwards it is stale, however long ago that was.
func TestUsedNonces(t *testing.T) {
	for _, first := range []time.Duration{0, time.Second, 59 * time.Second} {
		now := time.Now()
		v := newVerifier(&now)
		header := credentials(t, v.Challenge(false), "public", "private", 1)
		start := now
		for _, step := range []struct {
			at   time.Duration
			want digestauth.Refusal
		}{
			{first, digestauth.Accepted},
			{first, digestauth.Replayed},
			{60*time.Second - 1, digestauth.Replayed},
			{60 * time.Second, digestauth.Stale},
			{121 * time.Second, digestauth.Stale},
			{24 * time.Hour, digestauth.Stale},
		} {
			now = start.Add(step.at)
			if _, got := v.Verify(header, "GET", uri); got != step.want {
				t.Errorf("first used after %v, again after %v: %s, want %s", first, step.at, got, step.want)
			}
			_, _ = v.Verify(credentials(t, v.Challenge(false), "public", "private", 1), "GET", uri)
		}
	}
}

func FuzzVerify(f *testing.F) {
	now := time.Now()
	v := newVerifier(&now)
	f.Add(credentials(f, v.Challenge(false), "public", "private", 1))
	f.Add("Digest ")
	f.Add(`Digest username="public", nc=ffffffff, qop=auth, nonce="", cnonce="", uri="", response=""`)
	f.Add(`Digest username="\"`)
	f.Fuzz(func(t *testing.T, header string) {
		if _, refusal := v.Verify(header, "POST", "/elsewhere"); refusal == digestauth.Accepted {
			t.Errorf("%q was accepted for an unsigned request", header)
		}
	})
}
