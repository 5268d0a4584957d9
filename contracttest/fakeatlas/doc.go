// Package fakeatlas is an Atlas to test against: a real HTTP server, with state,
// that has the manners of the export-bucket part of the MongoDB Atlas
// Administration API.
//
//	srv := fakeatlas.New(t, fakeatlas.Buckets(250))
//	// point a client at srv.URL with srv.PublicKey and srv.PrivateKey
//
// [New] is for Go tests: it closes itself, and a request that the fake has no
// rule for fails the test. [Start] is for programs.
//
// # How a request is answered
//
// A request passes these steps in order (serve.go lists them): is the path
// known, who is it (HTTP Digest or a bearer token), is there allowance left, which
// version is asked for, may they do it, are the query parameters in bounds, and
// then the operation itself. The first step that objects answers.
//
// # Faults
//
// What goes wrong on purpose is a [Fault]: from the start with [Inject], later with
// [Server.Inject], or for a single request with a Prefer header, such as
// "Prefer: code=503" or "Prefer: latency=2s, field=color". Chances follow from
// [Seed].
//
// # Looking and waiting
//
// [Server.Requests] tells what arrived and how it was answered, and
// [Server.WaitFor] waits for it without polling. With [InMemory] the fake works in a
// testing/synctest bubble; everywhere else [Clock] and [Server.Advance] move its
// time.
//
// # What is faithful, and on what ground
//
// Most of the manners were seen in recordings of the real service: create answers
// 200 without links and region, get has the region, list items have neither, and
// delete answers 204 with a Content-Type of 2023-01-01 and no body; one allowance
// of 1200 requests is shared by the operations; the links of a list are spelled
// in Atlas's order; includeCount=false gives a totalCount of 0 and no next link;
// Sunset does not pad its day. Where neither a recording nor the documentation
// tells, the fake does what fits best and the code says "inferred".
//
// # What a version cannot show
//
// v1.0 and 2023-01-01 know AWS alone. There an Azure or a Google Cloud bucket is
// not there: lists leave it out and do not count it, and get answers 404
// EXPORT_BUCKET_NOT_FOUND. Delete shows nothing, so it deletes any bucket, under
// 2023-01-01 (the only version it has) as under v1.0. Inferred.
package fakeatlas
