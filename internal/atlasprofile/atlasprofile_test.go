package atlasprofile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atlasprofile"
)

const file = `
skip_update_check = true
version = 2

[default]
  org_id = "fa4ea71a5000000000000009"
  output = "plaintext"
  private_api_key = "priv"
  project_id = "fa4ea71a5000000000000001"
  public_api_key = "publ"
  service = "cloud"

[GOV]
  Client_ID = "mdb_sa_id_1"
  client_secret = "mdb_sa_sk_1"
  service = "cloudgov"
  auth_type = "service_account"

[user]
  access_token = "tok"
  base_url = "https://cloud.example.net"
  telemetry_enabled = false

[manager]
  service = "ops-manager"
`

func TestProfile(t *testing.T) {
	for name, want := range map[string]atlasprofile.Profile{
		"":        {Name: "default", PublicKey: "publ", PrivateKey: "priv", ProjectID: "fa4ea71a5000000000000001"},
		"Default": {Name: "default", PublicKey: "publ", PrivateKey: "priv", ProjectID: "fa4ea71a5000000000000001"},
		"gov": {
			Name: "gov", ClientID: "mdb_sa_id_1", ClientSecret: "mdb_sa_sk_1", AuthType: "service_account",
			BaseURL: "https://cloud.mongodbgov.com",
		},
		"user": {Name: "user", AccessToken: "tok", BaseURL: "https://cloud.example.net"},
	} {
		f, err := atlasprofile.Parse("config.toml", []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Profile(name)
		if err != nil {
			t.Fatalf("Profile(%q): %v", name, err)
		}
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Errorf("Profile(%q) (-want +got):\n%s", name, diff)
		}
	}
}

func TestOnlyProfileNeedsNoName(t *testing.T) {
	f, err := atlasprofile.Parse("config.toml", []byte("project_id = 'all'\n[work]\nproject_id = 'own'\npublic_api_key = 'p'"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Profile("")
	if err != nil || p.Name != "work" || p.ProjectID != "all" {
		t.Errorf("got %+v, %v; want the profile work, with the project that applies to all profiles", p, err)
	}
}

func TestErrors(t *testing.T) {
	const secret = "planted-5ecret"
	for _, c := range []struct{ content, profile, want string }{
		{file, "nope", `has no profile "nope": it has default, gov, manager, user`},
		{"", "", `has no profile "default": it has none`},
		{file, "manager", `the service "ops-manager"`},
		{"[default]\nprivate_api_key = " + secret + "\n", "", "config.toml:2:"},
		{"[default]\nprivate_api_key = \"" + secret + "\n", "", "config.toml:2:"},
		{"[default]\na=1\n[default]\nprivate_api_key = '" + secret + "'", "", "config.toml"},
	} {
		f, err := atlasprofile.Parse("config.toml", []byte(c.content))
		if err == nil {
			_, err = f.Profile(c.profile)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.content, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: the error contains the secret: %v", c.content, err)
		}
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	if _, err := atlasprofile.Read(filepath.Join(dir, "config.toml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	big := filepath.Join(dir, "big.toml")
	for size, want := range map[int]string{64 << 10: "", 64<<10 + 1: "more than 65,536 bytes; that is the limit"} {
		text := "[default]\n#" + strings.Repeat("x", size-12) + "\n"
		if err := os.WriteFile(big, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := atlasprofile.Read(big); (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("a file of %d bytes: %v, want the error %q", size, err, want)
		}
	}
	if _, err := atlasprofile.Read(dir); err == nil {
		t.Error("no error for a folder")
	}
}

func TestPath(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", filepath.FromSlash("/conf"))
	t.Setenv("HOME", filepath.FromSlash("/home/u"))
	t.Setenv("AppData", filepath.FromSlash("/conf"))
	got, err := atlasprofile.Path()
	if err != nil || !strings.HasSuffix(filepath.ToSlash(got), "/atlascli/config.toml") {
		t.Errorf("Path() = %q, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(file), "")
	f.Add([]byte("a.b.c = 1\n[x.y]\nservice='cloudgov'"), "x")
	f.Add([]byte("[\"\\u001b[2J\"]\n"), "nope")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		parsed, err := atlasprofile.Parse("config.toml", data)
		if err != nil {
			return
		}
		for _, n := range append(parsed.Names(), name, "") {
			if _, err := parsed.Profile(n); err != nil && strings.ContainsAny(err.Error(), "\x1b\n\r") {
				t.Errorf("the error has control characters: %q", err)
			}
		}
	})
}
