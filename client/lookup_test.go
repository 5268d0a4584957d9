package client_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

func TestFromLookup(t *testing.T) {
	t.Setenv("MONGODB_ATLAS_ACCESS_TOKEN", "from-the-environment")
	variables := map[string]string{
		"MONGODB_ATLAS_PUBLIC_KEY":  "publ",
		"MONGODB_ATLAS_PRIVATE_KEY": "priv",
		"MONGODB_ATLAS_PROJECT_ID":  "fa4ea71a5000000000000001",
		"MCLI_OPS_MANAGER_URL":      "https://cloud.example.net",
	}
	c, err := client.FromLookup(func(name string) string { return variables[name] })
	if err != nil {
		t.Fatal(err)
	}
	if got := c.String(); !strings.Contains(got, `APIKey("publ", …)`) || !strings.Contains(got, "https://cloud.example.net") {
		t.Errorf("the client is %s", got)
	}
	if got := c.ProjectID(); got != variables["MONGODB_ATLAS_PROJECT_ID"] {
		t.Errorf("ProjectID() = %q", got)
	}
	delete(variables, "MONGODB_ATLAS_PRIVATE_KEY")
	_, err = client.FromLookup(func(name string) string { return variables[name] })
	if err == nil || errors.Is(err, client.ErrNoCredentials) || !strings.Contains(err.Error(), "MONGODB_ATLAS_PUBLIC_KEY is set") {
		t.Errorf("half a pair: %v", err)
	}
	delete(variables, "MONGODB_ATLAS_PUBLIC_KEY")
	if _, err = client.FromLookup(func(name string) string { return variables[name] }); !errors.Is(err, client.ErrNoCredentials) {
		t.Errorf("no credentials: %v", err)
	}
}
