// Package atlasprofile reads the profiles of MongoDB's Atlas CLI: the file
// config.toml in the folder atlascli of the user's configuration folder.
//
// It reads the settings that a call to the Atlas Administration API needs. As in the Atlas
// CLI, names of profiles and settings are case-insensitive. A setting outside of the
// profiles applies to all profiles and overrides theirs, and base_url is another name for
// ops_manager_url. Newer versions of the Atlas CLI keep some settings in the system's
// keyring, which is not read.
package atlasprofile

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// maxFile bounds the file: 64 KiB. A profile takes about 300 bytes. The TOML package compares
// each key with all others of its table, so a file of 1 MiB could take a minute.
const maxFile = 64 << 10

// Default is the profile for commands that name no profile, unless the file has only one.
const Default = "default"

// governmentURL is the base URL of the service "cloudgov".
const governmentURL = "https://cloud.mongodbgov.com"

// Path returns the path of the Atlas CLI's profile file.
func Path() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "atlascli", "config.toml"), nil
}

// File contains the profiles of a file.
type File struct {
	name     string
	global   settings
	profiles map[string]settings
}

// settings are the texts of a profile by their names in lower case.
type settings map[string]string

// Profile has the settings of a profile.
type Profile struct {
	Name                   string
	PublicKey, PrivateKey  string
	ClientID, ClientSecret string
	AccessToken            string
	ProjectID              string
	BaseURL                string
	// AuthType selects one of several kinds of credentials: "api_keys", "service_account"
	// or "user_account"; often "".
	AuthType string
}

// Read reads a profile file. The error for a missing file matches fs.ErrNotExist. No error
// contains a value from the file.
func Read(name string) (*File, error) {
	data, err := limits.ReadFile(name, maxFile)
	var exceeded *limits.ExceededError
	if errors.As(err, &exceeded) {
		return nil, fmt.Errorf("not a profile file of the Atlas CLI: %w", err)
	}
	if err != nil {
		return nil, err
	}
	return Parse(name, data)
}

// Parse parses the content of a profile file; name is its name in errors.
func Parse(name string, data []byte) (*File, error) {
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return nil, syntaxError(name, err)
	}
	f := &File{name: name, global: settings{}, profiles: map[string]settings{}}
	for key, value := range tree {
		switch value := value.(type) {
		case map[string]any:
			f.profiles[strings.ToLower(key)] = texts(value)
		case string:
			f.global[strings.ToLower(key)] = value
		}
	}
	return f, nil
}

// syntaxError returns an error with only the place, because the parser's own text could
// contain a secret.
func syntaxError(name string, err error) error {
	var at *toml.DecodeError
	if errors.As(err, &at) {
		row, column := at.Position()
		return fmt.Errorf("%s:%d:%d: not valid TOML", name, row, column)
	}
	return fmt.Errorf("%s is not valid TOML", name)
}

func texts(table map[string]any) settings {
	out := settings{}
	for key, value := range table {
		if text, ok := value.(string); ok {
			out[strings.ToLower(key)] = text
		}
	}
	return out
}

// Names returns the names of the profiles, sorted.
func (f *File) Names() []string { return slices.Sorted(maps.Keys(f.profiles)) }

// Profile returns the profile name. If name is empty, it returns the only profile, or the one
// called default.
func (f *File) Profile(name string) (*Profile, error) {
	name = strings.ToLower(name)
	if name == "" {
		name = Default
		if len(f.profiles) == 1 {
			name = f.Names()[0]
		}
	}
	own, ok := f.profiles[name]
	if !ok {
		return nil, fmt.Errorf("%s has no profile %q%s", f.name, name, f.choice())
	}
	get := func(key string) string {
		if value := f.global[key]; value != "" {
			return value
		}
		return own[key]
	}
	p := &Profile{
		Name:      name,
		PublicKey: get("public_api_key"), PrivateKey: get("private_api_key"),
		ClientID: get("client_id"), ClientSecret: get("client_secret"),
		AccessToken: get("access_token"), AuthType: get("auth_type"),
		ProjectID: get("project_id"), BaseURL: get("ops_manager_url"),
	}
	if p.BaseURL == "" {
		p.BaseURL = get("base_url")
	}
	return p, p.setService(get("service"))
}

// choice returns the end of an error message, which lists the profiles.
func (f *File) choice() string {
	if len(f.profiles) == 0 {
		return ": it has none"
	}
	names := f.Names()
	for i := range names {
		names[i] = termtext.Cut(termtext.Visible(names[i]), 40)
	}
	return ": it has " + strings.Join(names, ", ")
}

// setService sets the base URL for a service.
func (p *Profile) setService(service string) error {
	switch strings.ToLower(service) {
	case "", "cloud":
	case "cloudgov":
		if p.BaseURL == "" {
			p.BaseURL = governmentURL
		}
	default:
		return fmt.Errorf("profile %q is for the service %q, which has no export buckets: use one for cloud or cloudgov", p.Name, service)
	}
	return nil
}
