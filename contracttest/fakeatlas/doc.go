// Package fakeatlas provides a fake Atlas for tests: a real, stateful HTTP server that
// behaves like the export bucket endpoints of the MongoDB Atlas Administration API.
//
//	srv := fakeatlas.New(t, fakeatlas.Buckets(250))
//	// point a client at srv.URL with srv.PublicKey and srv.PrivateKey
//
// [New] is for Go tests: the test's cleanup closes the server, and a request that the fake has no
// rule for fails the test. [Start] is for programs.
//
// # How a request is handled
//
// A request passes these steps in order (serve.go lists them): routing, authentication
// (HTTP Digest or a bearer token), rate limiting, version negotiation, authorization,
// validation of the query parameters, and the operation itself. The first step that
// refuses the request writes the response.
//
// # Faults
//
// A [Fault] is an injected failure: from the start with [Inject], later with
// [Server.Inject], or for a single request with a Prefer header, such as
// "Prefer: code=503" or "Prefer: latency=2s, field=color". [Seed] makes faults with a
// probability reproducible.
//
// # Inspecting requests
//
// [Server.Requests] returns the requests that arrived and their responses, and
// [Server.WaitFor] waits for them without polling. With [InMemory] the fake works in a
// testing/synctest bubble; everywhere else [Clock] and [Server.Advance] move its
// time.
//
// # Sources of the behavior
//
// contracttest/testdata/seen has the shapes of real responses: create responds with 200
// without links and region, get has the region, list items have neither, and delete
// responds with 204, a Content-Type of 2023-01-01 and no body; the operations share one
// allowance of 1200 requests; includeCount=false results in a totalCount of 0 and no
// next link; a challenge has no errorCode. A test compares the fake with these files.
// Error codes and their details are those of Atlas's page of API error codes. Behavior
// that has neither source is marked as inferred where it is implemented.
//
// # Versions that support only AWS
//
// In v1.0 and 2023-01-01, a bucket of Azure or Google Cloud does not exist: lists omit it
// and do not count it, and get responds with 404 EXPORT_BUCKET_NOT_FOUND. Delete removes
// any bucket, both in v1.0 and in 2023-01-01 (its only dated version). This is inferred.
package fakeatlas
