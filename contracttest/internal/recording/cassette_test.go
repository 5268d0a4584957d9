package recording_test

import (
	"strings"
	"testing"
)

const cassetteItem = `- id: 0
  request:
    proto: HTTP/1.1
    body: ''
    headers:
      accept:
      - application/json
    url: https://h/p?q=1
    method: GET
  response:
    content_length: 7
    body: '{"a":1}'
    headers:
      Date:
      - Mon, 01 Dec 2025 03:02:09 GMT
    status: 200 OK
    code: 200
    duration: 349ms
`

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+by) + "\n"
}

func TestCassetteShapes(t *testing.T) {
	one := "GET https://h/p?q=1 -> 200 {\"a\":1}\n"
	for name, tc := range map[string]struct{ text, want string }{
		"without indentation":      {"version: 2\ninteractions:\n" + cassetteItem + cassetteItem, "3: " + one + "21: " + one},
		"indented by 4":            {"---\nversion: 2\ninteractions:\n" + indent(cassetteItem, "    ") + indent(cassetteItem, "    "), "4: " + one + "22: " + one},
		"version after":            {"interactions:\n" + cassetteItem + "version: 2\n", "2: " + one},
		"version 1":                {"version: 1\ninteractions:\n" + cassetteItem, "3: " + one},
		"comments and blanks":      {"# by hand\nversion: 2 # two\n\ninteractions: # below\n# first\n" + cassetteItem + "\n# second\n\n" + cassetteItem + "...\n", "6: " + one + "27: " + one},
		"carriage returns":         {strings.ReplaceAll("version: 2\ninteractions:\n"+cassetteItem+cassetteItem, "\n", "\r\n"), "3: " + one + "21: " + one},
		"dash on its own line":     {"version: 2\ninteractions:\n-\n" + indent(strings.Replace(cassetteItem, "- ", "  ", 1), "  ")[0:], "3: " + one},
		"no item":                  {"version: 2\ninteractions: []\n", ""},
		"no item at all":           {"version: 2\ninteractions:\n", ""},
		"byte order mark, gzip":    {zipped("\ufeffversion: 2\ninteractions:\n" + cassetteItem), "3: " + one},
		"dashes in a block scalar": {"version: 2\ninteractions:\n" + strings.Replace(cassetteItem, `'{"a":1}'`, "|-\n      {\"a\":\n      - id: 0\n      1}", 1), "3: GET https://h/p?q=1 -> 200 {\"a\":\n- id: 0\n1}\n"},
		"dashes in a folded text":  {"version: 2\ninteractions:\n" + strings.Replace(cassetteItem, `'{"a":1}'`, "'[1\n\n      - 2]'", 1), "3: GET https://h/p?q=1 -> 200 [1\n- 2]\n"},
		"binary body":              {"version: 2\ninteractions:\n" + strings.Replace(cassetteItem, `'{"a":1}'`, "!!binary eyJhIjoxfQ==", 1), "3: " + one},
		"no body key":              {"version: 2\ninteractions:\n" + strings.Replace(cassetteItem, "    body: '{\"a\":1}'\n", "", 1), "3: GET https://h/p?q=1 -> 200 (not recorded)\n"},
		"empty body":               {"version: 2\ninteractions:\n" + strings.Replace(cassetteItem, `'{"a":1}'`, "''", 1), "3: GET https://h/p?q=1 -> 200 \n"},
		"as JSON":                  {`{"version":2,"interactions":[{"id":0,"request":{"method":"GET","url":"https://h/p?q=1","headers":{"accept":["x"]}},"response":{"code":200,"body":"{\"a\":1}","duration":1}}]}`, "1: " + one},
	} {
		t.Run(name, func(t *testing.T) {
			got := readText(t, tc.text)
			if len(got.errs) > 0 {
				t.Fatalf("errors %v", got.errs)
			}
			if s := line(t, got); s != tc.want {
				t.Errorf("got\n%s\nwant\n%s", s, tc.want)
			}
		})
	}
}

func TestCassetteHead(t *testing.T) {
	x := readOne(t, "version: 2\ninteractions:\n"+strings.Replace(cassetteItem, "body: ''", `body: '{"in":1}'`, 1))
	if x.Request.Header.Get("Accept") != "application/json" || x.Started.Day() != 1 {
		t.Errorf("header %v, started %v", x.Request.Header, x.Started)
	}
	if !x.Request.Body.Recorded || string(x.Request.Body.Bytes) != `{"in":1}` {
		t.Errorf("request body %q", x.Request.Body.Bytes)
	}
}

func TestCassetteFaults(t *testing.T) {
	head := "version: 2\ninteractions:\n"
	with := func(old, with string) string {
		return head + cassetteItem + strings.Replace(cassetteItem, old, with, 1) + cassetteItem
	}
	for name, tc := range map[string]struct {
		text      string
		exchanges int
		want      string
	}{
		"wrong type":    {with("code: 200", "code: many"), 2, "rec:37: entry 1: unexpected !!str `many`, expected a whole number"},
		"broken YAML":   {with("body: ''", "body: '"), 2, "rec:"},
		"no status":     {with("    code: 200\n", ""), 2, "rec:21: entry 1: response.code is 0, which is not an HTTP status"},
		"no URL":        {with("    url: https://h/p?q=1\n", ""), 2, "rec:21: entry 1: request.method or request.url is missing"},
		"no mapping":    {head + "- 5\n" + cassetteItem, 1, "rec:3: entry 0: unexpected !!int `5`, expected a mapping"},
		"unknown alias": {with("body: ''", "body: *b"), 2, "rec:21: entry 1: invalid YAML: unknown anchor 'b' referenced"},
		"version 3":     {"version: 3\ninteractions:\n" + cassetteItem, 0, `rec:1: cassette version "3" is unknown: versions 1 and 2 can be read`},
		"flow style":    {"version: 2\ninteractions: [{}]\n", 0, "rec:2: interactions are not written as a block list, each item on lines of its own after a dash"},
		"cut off":       {head + cassetteItem + cassetteItem[:170], 1, "rec:31: entry 1: unexpected !!str `content_l`, expected a mapping"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readText(t, tc.text)
			if len(got.exchanges) != tc.exchanges {
				t.Errorf("%d exchanges, want %d", len(got.exchanges), tc.exchanges)
			}
			if len(got.errs) != 1 || !strings.HasPrefix(got.errs[0].Error(), tc.want) {
				t.Errorf("errors %v\nwant   %s", got.errs, tc.want)
			}
		})
	}
}
