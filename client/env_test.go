package client_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestFromEnv checks the precedence of variables if several are set.
func TestFromEnv(t *testing.T) {
	type env map[string]string
	atlasKey := env{"MONGODB_ATLAS_PUBLIC_API_KEY": "pub", "MONGODB_ATLAS_PRIVATE_API_KEY": "s3cr3t"}
	account := env{"MONGODB_ATLAS_CLIENT_ID": "id", "MONGODB_ATLAS_CLIENT_SECRET": "s3cr3t"}
	token := env{"MONGODB_ATLAS_ACCESS_TOKEN": "s3cr3t"}
	tests := []struct {
		name string
		envs []env
		want string // the text of the client, or the beginning of an error
		also []string
	}{
		{"Atlas CLI keys", []env{atlasKey}, `exportbuckets client of https://cloud.mongodb.com, API version 2024-05-30, APIKey("pub", …)`, nil},
		{"Terraform keys", []env{{"MONGODB_ATLAS_PUBLIC_KEY": "tf", "MONGODB_ATLAS_PRIVATE_KEY": "s3cr3t"}}, `APIKey("tf", …)`, nil},
		{"MCLI keys", []env{{"MCLI_PUBLIC_API_KEY": "old", "MCLI_PRIVATE_API_KEY": "s3cr3t"}}, `APIKey("old", …)`, nil},
		{"keys of two spellings", []env{{"MONGODB_ATLAS_PUBLIC_API_KEY": "pub", "MONGODB_ATLAS_PRIVATE_KEY": "s3cr3t"}}, `APIKey("pub", …)`, nil},
		{"the same twice", []env{atlasKey, {"MCLI_PUBLIC_API_KEY": "pub", "MONGODB_ATLAS_PRIVATE_KEY": "s3cr3t"}}, `APIKey("pub", …)`, nil},
		{"service account", []env{account}, `ServiceAccount("id", …)`, nil},
		{"MCLI service account", []env{{"MCLI_CLIENT_ID": "old", "MCLI_CLIENT_SECRET": "s3cr3t"}}, `ServiceAccount("old", …)`, nil},
		{"service account before keys", []env{account, atlasKey}, `ServiceAccount("id", …)`, nil},
		{"token before everything else", []env{token, account, atlasKey}, "AccessToken(…)", nil},
		{"token, and half of an API key", []env{token, {"MONGODB_ATLAS_PUBLIC_KEY": "pub"}}, "AccessToken(…)", nil},
		{"an empty value counts as unset", []env{atlasKey, {"MONGODB_ATLAS_ACCESS_TOKEN": "", "MCLI_CLIENT_ID": ""}}, `APIKey("pub", …)`, nil},
		{"base URL", []env{token, {"MONGODB_ATLAS_BASE_URL": "https://cloud.mongodbgov.com/"}}, "client of https://cloud.mongodbgov.com/", nil},
		{"MCLI base URL", []env{token, {"MCLI_OPS_MANAGER_URL": "https://cloud.mongodbgov.com"}}, "client of https://cloud.mongodbgov.com,", nil},

		{"nothing", nil, "error: exportbuckets: no credentials in the environment: set", []string{"MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_ACCESS_TOKEN"}},
		{"no private key", []env{{"MONGODB_ATLAS_PUBLIC_KEY": "pub"}}, "error: exportbuckets: MONGODB_ATLAS_PUBLIC_KEY is set, MONGODB_ATLAS_PRIVATE_API_KEY or", []string{"is not: set it too"}},
		{"no public key", []env{{"MCLI_PRIVATE_API_KEY": "s3cr3t"}}, "error: exportbuckets: MCLI_PRIVATE_API_KEY is set, MONGODB_ATLAS_PUBLIC_API_KEY or", nil},
		{"no client secret, although API keys are set", []env{atlasKey, {"MONGODB_ATLAS_CLIENT_ID": "id"}}, "error: exportbuckets: MONGODB_ATLAS_CLIENT_ID is set, MONGODB_ATLAS_CLIENT_SECRET or", nil},
		{"two private keys", []env{atlasKey, {"MONGODB_ATLAS_PRIVATE_KEY": "s3cr3t-2"}}, "error: exportbuckets: MONGODB_ATLAS_PRIVATE_API_KEY and MONGODB_ATLAS_PRIVATE_KEY are both set and differ", []string{"unset one"}},
		{"two tokens", []env{token, {"MCLI_ACCESS_TOKEN": "s3cr3t-2"}}, "error: exportbuckets: MONGODB_ATLAS_ACCESS_TOKEN and MCLI_ACCESS_TOKEN are both set and differ", nil},
		{"a bad base URL", []env{token, {"MONGODB_ATLAS_BASE_URL": "cloud.mongodb.com"}}, "error: exportbuckets: the base URL must be an absolute http or https URL", nil},
		{"a bad project", []env{token, {"MONGODB_ATLAS_PROJECT_ID": "mine"}}, `error: exportbuckets: the default project id is "mine"`, nil},
		{"a line end in a key", []env{{"MCLI_PUBLIC_API_KEY": "old", "MCLI_PRIVATE_API_KEY": "s3cr3t\n"}}, "error: exportbuckets: APIKey: the private key contains a space or line end", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, e := range test.envs {
				for name, value := range e {
					t.Setenv(name, value)
				}
			}
			c, err := client.FromEnv()
			got := fmt.Sprint(c)
			if err != nil {
				got = "error: " + err.Error()
			}
			for _, want := range append(test.also, test.want) {
				if !strings.Contains(got, want) {
					t.Errorf("got %q, want a text that contains %q", got, want)
				}
			}
			if strings.HasPrefix(got, "error") != strings.HasPrefix(test.want, "error") || strings.Contains(got, "s3cr3t") {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestFromEnvProject checks that calls without a project use the one in the environment,
// and that options have precedence.
func TestFromEnvProject(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(3))
	t.Setenv("MONGODB_ATLAS_PUBLIC_API_KEY", srv.PublicKey)
	t.Setenv("MONGODB_ATLAS_PRIVATE_API_KEY", srv.PrivateKey)
	t.Setenv("MONGODB_ATLAS_BASE_URL", srv.URL+"/")
	t.Setenv("MCLI_PROJECT_ID", srv.ProjectID)
	c, err := client.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(t.Context()) }()
	ids, err := collect(t.Context(), c, "", nil)
	if err != nil || len(ids) != 3 || c.ProjectID() != srv.ProjectID {
		t.Errorf("got %v, %v, want 3 buckets of the project of the environment", ids, err)
	}
	other, err := client.FromEnv(client.WithProjectID(project), client.WithAPIVersion(client.V1))
	if err != nil || other.ProjectID() != project || other.APIVersion() != client.V1 {
		t.Errorf("got %v, %v, want options to take precedence over the environment", other, err)
	}
}
