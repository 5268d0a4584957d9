package fakeatlas_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// The commands that Atlas documents work unchanged, with both kinds of authentication.
func TestCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	srv := fakeatlas.New(t, fakeatlas.Buckets(3))
	run := func(args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), curl, append([]string{"--silent", "--fail", "--noproxy", "*"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("curl %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	list := srv.URL + "/api/atlas/v2/groups/" + srv.ProjectID + "/backup/exportBuckets"
	accept := "Accept: " + v2024
	if got := run("--digest", "--user", srv.PublicKey+":"+srv.PrivateKey, "--header", accept, list); !strings.HasSuffix(got, `"totalCount":3}`) {
		t.Errorf("--digest: %s", got)
	}
	response := run("-u", srv.ClientID+":"+srv.ClientSecret, "-d", "grant_type=client_credentials", srv.URL+"/api/oauth/token")
	m := tokenAnswer.FindStringSubmatch(response)
	if m == nil {
		t.Fatalf("token: %s", response)
	}
	if got := run("-H", "Authorization: Bearer "+m[1], "-H", accept, list); !strings.HasSuffix(got, `"totalCount":3}`) {
		t.Errorf("Bearer: %s", got)
	}
	created := run("--digest", "--user", srv.PublicKey+":"+srv.PrivateKey, "--header", accept, "--header", "Content-Type: application/json",
		"--data", awsBody, list)
	if !strings.Contains(created, `"bucketName":"snaps"`) {
		t.Errorf("create: %s", created)
	}
}
