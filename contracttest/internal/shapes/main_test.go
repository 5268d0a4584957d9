package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const exchange = `GET /api/atlas/v2/groups/aaaaaaaaaaaaaaaaaaaaaaaa/backup/exportBuckets/bbbbbbbbbbbbbbbbbbbbbbbb HTTP/1.1
Host: cloud.mongodb.com
Accept: application/vnd.atlas.2024-05-30+json

HTTP/2.0 200 OK
Content-Type: application/vnd.atlas.2024-05-30+json;charset=utf-8
Date: Mon, 02 Mar 2026 10:20:30 GMT
X-Envoy-Upstream-Service-Time: 7531

{"bucketName":"acme-secret","cloudProvider":"AWS","_id":"bbbbbbbbbbbbbbbbbbbbbbbb","iamRoleId":"cccccccccccccccccccccccc","requirePrivateNetworking":true}
`

func write(t *testing.T, texts ...string) (from, to string) {
	t.Helper()
	from, to = t.TempDir(), t.TempDir()
	for i, text := range texts {
		if err := os.WriteFile(filepath.Join(from, string(rune('a'+i))+".http"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return from, to
}

// TestShapes checks that each distinct shape is kept once, and no value is.
func TestShapes(t *testing.T) {
	other := strings.NewReplacer("acme-secret", "other-name", "Mon, 02", "Tue, 03").Replace(exchange)
	april := strings.NewReplacer("Mon, 02 Mar", "Thu, 02 Apr").Replace(exchange)
	from, to := write(t, exchange, other, april)
	if err := run(from, to); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(to + "/*.http")
	if err != nil || len(files) != 2 || filepath.Base(files[0]) != "2026-03-get-01.http" {
		t.Fatalf("wrote %q, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `{"bucketName":"shape-0-of-1","cloudProvider":"AWS","_id":"51ab`) {
		t.Errorf("the order of the fields changed: %s", text)
	}
	for _, value := range []string{"acme", "other-name", "aaaa", "bbbb", "cccc", "10:20:30", "7531", "Mon, 02"} {
		if strings.Contains(string(text), value) {
			t.Errorf("%q was copied:\n%s", value, text)
		}
	}
}

// TestUnknownPartsAreRefused checks that a part without a made-up value is an error.
func TestUnknownPartsAreRefused(t *testing.T) {
	for change, want := range map[[2]string]string{
		{"X-Envoy-Upstream-Service-Time", "X-Secret"}:      "no made-up value for the header X-Secret",
		{`"bucketName"`, `"owner"`}:                        "no made-up text for the field owner",
		{`"requirePrivateNetworking":true`, `"size":12`}:   "no made-up number for the field size",
		{`"cloudProvider":"AWS"`, `"cloudProvider":"AWS"`}: "",
		{"acme-secret", "shape-0-of-1"}:                    "would contain a recorded value of 12 bytes",
	} {
		from, to := write(t, strings.ReplaceAll(exchange, change[0], change[1]))
		err := run(from, to)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", change, err, want)
		}
	}
}
