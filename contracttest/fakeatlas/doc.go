// Package fakeatlas provides a fake Atlas for tests: a real, stateful HTTP server that
// behaves like the export bucket endpoints of the MongoDB Atlas Administration API.
//
//	srv := fakeatlas.New(t, fakeatlas.Buckets(250))
//	// point a client at srv.URL with srv.PublicKey and srv.PrivateKey
//
// [New] is for Go tests: it closes itself, and a request that the fake has no
// rule for fails the test. [Start] is for programs.
//
// # How a request is handled
//
// A request passes these steps in order (serve.go lists them): is the path
// known, who is it (HTTP Digest or a bearer token), is there allowance left, which
// version is asked for, may they do it, are the query parameters in bounds, and
// then the operation itself. The first step that refuses the request writes the
// response.
//
// # Faults
//
// A [Fault] is something that goes wrong on purpose: from the start with [Inject], later
// with [Server.Inject], or for a single request with a Prefer header, such as
// "Prefer: code=503" or "Prefer: latency=2s, field=color". Probabilities follow from
// [Seed].
//
// # Looking and waiting
//
// [Server.Requests] returns the requests that arrived and their responses, and
// [Server.WaitFor] waits for them without polling. With [InMemory] the fake works in a
// testing/synctest bubble; everywhere else [Clock] and [Server.Advance] move its
// time.
//
// # What the fake is modeled on
//
// contracttest/testdata/seen has the shapes of real responses: create responds with 200
// without links and region, get has the region, list items have neither, and delete
// responds with 204, a Content-Type of 2023-01-01 and no body; the operations share one
// allowance of 1200 requests; includeCount=false results in a totalCount of 0 and no
// next link; a challenge has no errorCode. A test compares the fake with these files.
// Error codes and their details are those of Atlas's page of API error codes. Behavior
// that has neither source is marked as inferred where it is implemented.
//
// # What a version cannot show
//
// v1.0 and 2023-01-01 support only AWS. In these versions an Azure or a Google Cloud
// bucket does not exist: lists omit it and do not count it, and get responds with 404
// EXPORT_BUCKET_NOT_FOUND. Delete shows nothing, so it deletes any bucket, under
// 2023-01-01 (the only version it has) as under v1.0. Inferred.
package fakeatlas
