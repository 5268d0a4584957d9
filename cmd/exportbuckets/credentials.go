package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atlasprofile"
)

// credentialFlags select where the credentials come from. No flag takes a credential.
type credentialFlags struct {
	file    string
	profile string
	prompt  bool
}

func (f *credentialFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "credentials-file", "", "file with credentials as NAME=VALUE lines; - reads standard input")
	cmd.Flags().StringVar(&f.profile, "profile", "", "profile of the Atlas CLI with the credentials")
	cmd.Flags().BoolVar(&f.prompt, "prompt", false, "ask for credentials on the terminal")
	cmd.MarkFlagsMutuallyExclusive("credentials-file", "profile", "prompt")
	completeFlag(cmd, "profile", completeProfiles)
}

// newCredentialsTopic returns a help topic: a command that does nothing.
func newCredentialsTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "credentials",
		Short: "Where the bucket verbs take credentials from",
		Long: `The bucket verbs (list, get, create, update, delete) and token use the first of these
sources that has credentials:

  --credentials-file FILE   lines NAME=VALUE, with the names below; - is standard input
  --profile NAME            a profile of the Atlas CLI
  --prompt                  questions on the terminal; secrets are not shown
  the environment           the variables below
  a default profile         the profile of the Atlas CLI that MONGODB_ATLAS_PROFILE names, else the only profile, else the one called default
  a prompt                  if there is a terminal

Credentials are never taken as flag values: other users of the machine could see
them, and shells remember them.

Variables, and lines of a file (names that begin with MCLI_ are accepted too):

  MONGODB_ATLAS_ACCESS_TOKEN                                       an access token
  MONGODB_ATLAS_CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET             a service account
  MONGODB_ATLAS_PUBLIC_API_KEY, MONGODB_ATLAS_PRIVATE_API_KEY      an API key
  MONGODB_ATLAS_PUBLIC_KEY, MONGODB_ATLAS_PRIVATE_KEY              the same
  MONGODB_ATLAS_PROJECT_ID                                         the project
  MONGODB_ATLAS_BASE_URL                                           Atlas's base URL

If a source has several kinds of credentials, the first in this list is used. The project
and the base URL come from the first of these that has them: the flags --project-id and
--base-url; the source of the credentials; the environment. A default profile is an
exception: the environment has precedence over its project and base URL.

Profiles are read from atlascli/config.toml in the user's configuration folder
($XDG_CONFIG_HOME, ~/.config, ~/Library/Application Support or %AppData%). Credentials
that the Atlas CLI keeps in the system's keyring are not read.`,
		Example: `  exportbuckets serve --addr 127.0.0.1:9000 --buckets 3 > fake.env &
  exportbuckets list --credentials-file fake.env`,
	}
}

// credentials are the variables that a client is made from.
type credentials struct {
	variableSources
	origin string // the source of the credentials, as messages name it
}

// serviceAccount returns a lookup of the credentials that hides an access token, because
// client.FromEnv would use the token instead of the service account.
func (c credentials) serviceAccount() (func(name string) string, error) {
	lookup := func(name string) string {
		if strings.HasSuffix(name, "_ACCESS_TOKEN") {
			return ""
		}
		return c.lookup(name)
	}
	if lookup("MONGODB_ATLAS_CLIENT_ID") == "" && lookup("MCLI_CLIENT_ID") == "" {
		return nil, fmt.Errorf("only a service account can ask for an access token, and the credentials (from %s) are not one\n"+
			"Next: set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET; see `exportbuckets help credentials`", c.origin)
	}
	return lookup, nil
}

// find looks for credentials in the places that the flags select. Ending ctx ends a prompt.
func (f *credentialFlags) find(ctx context.Context, term *terminal) (credentials, error) {
	env := environment()
	switch {
	case f.file != "":
		file, origin, err := readVariables(f.file, term)
		return credentials{variableSources{file, env}, origin}, err
	case f.profile != "":
		profile, origin, err := readProfile(f.profile)
		return credentials{variableSources{profile, env}, origin}, err
	case f.prompt:
		asked, err := promptCredentials(ctx, term)
		return credentials{variableSources{asked, env}, "the prompt"}, err
	case env.has(credentialVariable):
		return credentials{variableSources{env}, "the environment"}, nil
	}
	profile, origin, err := readProfile("")
	switch {
	case err == nil:
		return credentials{variableSources{env, profile}, origin}, nil
	case !errors.Is(err, fs.ErrNotExist):
		return credentials{}, err
	case term.canAsk():
		asked, err := promptCredentials(ctx, term)
		return credentials{variableSources{asked, env}, "the prompt"}, err
	}
	return credentials{}, errors.New(noCredentials)
}

const noCredentials = `no credentials
Next: set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, or MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY; or pass --credentials-file FILE or --profile NAME; see ` + "`exportbuckets help credentials`"

// readProfile reads a profile of the Atlas CLI as variables. An empty name is the default
// profile; the error is then fs.ErrNotExist if there is no file of profiles.
func readProfile(name string) (variables, string, error) {
	if name == "" {
		name = os.Getenv("MONGODB_ATLAS_PROFILE")
	}
	path, err := atlasprofile.Path()
	if err != nil && name == "" {
		return nil, "", fs.ErrNotExist // without a home folder there are no profiles
	}
	if err != nil {
		return nil, "", fmt.Errorf("the Atlas CLI's profiles: %w", err)
	}
	file, err := atlasprofile.Read(path)
	if errors.Is(err, fs.ErrNotExist) && name != "" {
		return nil, "", fmt.Errorf("no profile %q: the Atlas CLI has no profiles here (%s does not exist)", name, path)
	}
	if err != nil {
		return nil, "", err
	}
	profile, err := file.Profile(name)
	if err != nil {
		return nil, "", err
	}
	v, err := profileVariables(profile)
	return v, fmt.Sprintf("profile %q of the Atlas CLI", profile.Name), err
}

// profileVariables returns a profile as variables. They have one kind of credentials: the
// kind that the profile specifies, else the first kind in the order used for the
// environment.
func profileVariables(p *atlasprofile.Profile) (variables, error) {
	v := variables{"MONGODB_ATLAS_PROJECT_ID": p.ProjectID, "MONGODB_ATLAS_BASE_URL": p.BaseURL}
	kinds := []struct {
		authType, id, secret string
		idName, secretName   string
	}{
		{"service_account", p.ClientID, p.ClientSecret, "MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"},
		{"api_keys", p.PublicKey, p.PrivateKey, "MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY"},
		{"user_account", p.AccessToken, p.AccessToken, "MONGODB_ATLAS_ACCESS_TOKEN", "MONGODB_ATLAS_ACCESS_TOKEN"},
	}
	for _, exact := range []bool{true, false} {
		for _, k := range kinds {
			if k.id != "" && k.secret != "" && (!exact || k.authType == p.AuthType) {
				v[k.idName], v[k.secretName] = k.id, k.secret
				return v, nil
			}
		}
	}
	return nil, fmt.Errorf("profile %q of the Atlas CLI has no complete credentials in its file; the Atlas CLI may keep them in the system's keyring, which is not read\n"+
		"Next: set them in the environment, or pass --credentials-file FILE; see `exportbuckets help credentials`", p.Name)
}

// completeProfiles completes the names of the profiles.
func completeProfiles(_ *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
	path, err := atlasprofile.Path()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	file, err := atlasprofile.Read(path)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, name := range file.Names() {
		if strings.HasPrefix(name, strings.ToLower(prefix)) {
			names = append(names, name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
