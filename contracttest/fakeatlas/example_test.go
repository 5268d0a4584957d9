package fakeatlas_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"testing"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// In a test, the cleanup of the test closes the fake. The code under test gets its URL.
func ExampleNew() {
	_ = func(t *testing.T) {
		srv := fakeatlas.New(t,
			fakeatlas.Buckets(250, fakeatlas.AWS, fakeatlas.GCP),
			fakeatlas.Inject(fakeatlas.Status(503).On(fakeatlas.OpList).Times(1)),
		)
		useYourCode(srv.URL, srv.PublicKey, srv.PrivateKey)
		if err := srv.WaitFor(t.Context(), fakeatlas.OpList, 2); err != nil {
			t.Fatal(err) // the program did not try again
		}
	}
	// Output:
}

func useYourCode(string, string, string) {}

// In a program: serve until Close is called.
func ExampleStart() {
	srv, err := fakeatlas.Start(fakeatlas.Buckets(1, fakeatlas.GCP))
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()

	client := &http.Client{Transport: &digest.Transport{
		Username: srv.PublicKey, Password: srv.PrivateKey, Transport: srv.Client().Transport,
	}}
	bucket := srv.Buckets(srv.ProjectID)[0]
	req, err := http.NewRequest(http.MethodGet, srv.URL+"/api/atlas/v2/groups/"+srv.ProjectID+"/backup/exportBuckets/"+bucket.ID, http.NoBody)
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("Accept", "application/vnd.atlas.2024-05-30+json")
	res, err := client.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.StatusCode, res.Header.Get("Content-Type"))
	fmt.Println(string(body))
	for _, r := range srv.Requests() {
		fmt.Printf("%s by %q: %d\n", r.Operation, r.Account, r.Status)
	}
	// Output:
	// 200 application/vnd.atlas.2024-05-30+json;charset=utf-8
	// {"_id":"6657c1810000000001000001","bucketName":"test-bucket","cloudProvider":"GCP","roleId":"c0fa4ea71a50000000000001"}
	// get by "": 401
	// get by "fakepubl": 200
}

// A fault in the notation of the serve command.
func ExampleParseFault() {
	fault, err := fakeatlas.ParseFault("status=503,on=list,times=2")
	fmt.Println(fault, err)
	_, err = fakeatlas.ParseFault("status=200")
	fmt.Println(err)
	// Output:
	// status=503,on=list,times=2 <nil>
	// fakeatlas: fault "status=200": the status must be from 400 to 599
}
