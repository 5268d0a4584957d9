package report

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
)

func pageOf(t testing.TB, r *Report) string { return string(written(t, HTML, r, Options{})) }

// between returns the text between the first open and the next end after it.
func between(t testing.TB, s, open, end string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, open)
	if !ok {
		t.Fatalf("no %s", open)
	}
	inner, _, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatalf("no %s after %s", end, open)
	}
	return inner
}

// TestHTMLPolicyHasTheHashes checks that the policy contains the hashes of the style and the
// script, without which a browser refuses them.
func TestHTMLPolicyHasTheHashes(t *testing.T) {
	page := pageOf(t, verifySample())
	policy := between(t, page, `http-equiv="Content-Security-Policy" content="`, `"`)
	policy = strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy)
	for _, tag := range []string{"style", "script"} {
		sum := sha256.Sum256([]byte(between(t, page, "<"+tag+">", "</"+tag+">")))
		if want := tag + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %q", policy, want)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
}

// fetches matches the attributes whose value a browser fetches, follows or runs.
var fetches = regexp.MustCompile(`(?i)^(src|srcset|href|action|formaction|poster|data|background|style|ping|manifest|on\w+)$`)

func TestHTMLLoadsNoOtherFiles(t *testing.T) {
	attribute := regexp.MustCompile(`([\w-]+)="([^"]*)"`)
	for name, r := range samples() {
		page := pageOf(t, r)
		for _, tag := range htmlTag.FindAllString(page, -1) {
			for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
				if fetches.MatchString(a[1]) && !strings.HasPrefix(a[2], "#") && a[2] != "data:," && a[2] != r.Tool.URL {
					t.Errorf("%s: %s in %s", name, a[0], tag)
				}
			}
		}
	}
	if strings.Contains(pageStyle, "url(") || strings.Contains(pageStyle, "@import") || strings.Contains(pageScript, "fetch(") {
		t.Error("the page's own style or script fetches something")
	}
}

func TestHTMLLinksOnlyWebAddresses(t *testing.T) {
	for _, u := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//host", "/etc/passwd", "https:/\x00", "%"} {
		page := pageOf(t, &Report{Tool: Tool{Name: "x", URL: u}})
		if strings.Contains(between(t, page, "<footer>", "</footer>"), "<a ") {
			t.Errorf("%q became a link", u)
		}
	}
}

func TestHTMLHeatMap(t *testing.T) {
	page := pageOf(t, verifySample())
	heat := between(t, page, "<table", "</table>")
	if rows := strings.Count(heat, `scope="row"`); rows != 5 {
		t.Errorf("%d rows, want one for each of 5 operations", rows)
	}
	for _, want := range []string{
		">200</th>", ">AZURE</th>", ">fields</th>",
		`title="204: 4 exchanges; application/vnd.atlas.2023-01-01&#43;json"`,
		`title="GCP: 0 exchanges"`, `title="204: not declared"`,
	} {
		if !strings.Contains(heat, want) {
			t.Errorf("no %s", want)
		}
	}
}

// TestHTMLCoverageAgreesWithText checks that the page and the text report have the same
// figures.
func TestHTMLCoverageAgreesWithText(t *testing.T) {
	r := verifySample()
	heat, text := between(t, pageOf(t, r), "<table", "</table>"), string(written(t, Text, r, Options{}))
	line := regexp.MustCompile(`\d+: \d+ exchanges?[^;\n]*(; \d+ of \d+ [a-z ]+)*`)
	lines := line.FindAllString(text, -1)
	if len(lines) < 5 {
		t.Fatalf("%d responses in the text report", len(lines))
	}
	for _, l := range lines {
		if !strings.Contains(heat, `title="`+l+";") {
			t.Errorf("no %q in the heat map", l)
		}
	}
	for _, op := range r.Coverage.Operations {
		var fields Tally
		for _, r := range op.Responses {
			if r.Exchanges > 0 {
				fields.Seen, fields.Total = fields.Seen+r.Fields.Seen, fields.Total+r.Fields.Total
			}
		}
		if want := fields.text("fields"); want != "" && !strings.Contains(heat, `title="`+want+" in the responses seen") {
			t.Errorf("%s: no %q", op.Operation, want)
		}
	}
}

func TestShareClass(t *testing.T) {
	tests := []struct {
		seen, total int
		want        string
	}{{0, 0, "h0"}, {0, 9, "h0"}, {1, 9, "h1"}, {3, 9, "h2"}, {5, 9, "h3"}, {8, 9, "h4"}, {9, 9, "h5"}, {99, 9, "h5"}, {-1, 9, "h0"}, {1, -1, "h0"}, {1, 0, "h0"}}
	for _, tt := range tests {
		if got := shareClass(tt.seen, tt.total); got != tt.want {
			t.Errorf("%d of %d is %s, want %s", tt.seen, tt.total, got, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{
		0: "–", 1: "1", 999: "999", 1000: "1k", 1099: "1k", 1100: "1.1k", 9999: "9.9k", 10_000: "10k", 12_999: "12k", 1_234_567: "1234k",
	} {
		if got := number(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// TestHTMLRules checks that only the rules of the items are explained.
func TestHTMLRules(t *testing.T) {
	r := &Report{Items: []Item{{Rule: "status"}}, Rules: []Rule{{ID: "status", Short: "declared-status"}, {ID: "body", Short: "declared-body"}}}
	page := pageOf(t, r)
	if !strings.Contains(page, "declared-status") || strings.Contains(page, "declared-body") {
		t.Error("the page does not explain exactly the rules of its items")
	}
}

// TestHTMLPlaces checks that places are counted only if the report omits some.
func TestHTMLPlaces(t *testing.T) {
	for count, more := range map[int]bool{2: false, 3: true} {
		r := &Report{Items: []Item{{Count: count, Places: []Location{{File: "other.har"}}}}}
		page := pageOf(t, r)
		if !strings.Contains(page, "other.har") || strings.Contains(page, "and 1 more") != more || strings.Contains(page, "and 0 more") {
			t.Errorf("%d exchanges: the page must count more places: %t", count, more)
		}
	}
}

func TestStatusOrder(t *testing.T) {
	c := &Coverage{Operations: []OperationCoverage{{Responses: []ResponseCoverage{
		{Status: "default"}, {Status: "500"}, {Status: "4XX"}, {Status: "404"}, {Status: "200"}, {Status: "404", MediaType: "text/html"},
	}}}}
	if got := strings.Join(c.statuses(), " "); got != "200 404 4XX 500 default" {
		t.Errorf("order %s", got)
	}
}

func TestPercent(t *testing.T) {
	for p, want := range map[float64]string{0: "0 %", 61.54: "61.5 %", 99.9: "99.9 %", 99.96: "99.9 %", 99.999: "99.9 %", 100: "100 %", 74: "74 %"} {
		if got := percent(p); got != want {
			t.Errorf("%v is %s, want %s", p, got, want)
		}
	}
}
