// Package client lists, adds, reads, changes and deletes the snapshot export
// buckets of MongoDB Atlas projects.
//
//	c, err := client.New(client.ServiceAccount(id, secret)) // or APIKey, AccessToken, Tokens; or FromEnv()
//	for b, err := range c.List(ctx, projectID, nil) {
//		…
//	}
//
// The API calls a project a group; its id has 24 hexadecimal digits. [ExportBucket].Target
// is the bucket's location. It is a sum type: use a type switch over [AWS], [Azure], [GCP]
// and [Unknown], which is the target of a provider that this version of the client does not
// know. [ExportBucket].Raw has the JSON that Atlas sent, with every field.
//
// # The layers of a call
//
// The arguments are checked first: an invalid one is an [*ArgumentError], and nothing
// is sent. Then the request passes through a chain of layers, each of which is an
// http.RoundTripper. The response passes through them in reverse order:
//
//	version     sets the dated Accept; reads deprecation notices in responses
//	retry       repeats requests where that is safe
//	attempt     bounds one attempt in time, and its response in size
//	middleware  the caller's (WithMiddleware): sees every attempt, and no credential
//	host guard  sends credentials to the base URL's host only, and hides them from the layers above
//	auth        signs: Digest or a bearer token
//	base        the caller's transport (WithHTTPClient), or a copy of net/http's
//
// Last, the response's status and media type are checked and its body is decoded.
//
// # Authentication
//
// [APIKey] responds to Digest challenges and reuses them, so that most calls are one
// request. A challenge is renewed after a minute, a 401 or a nextnonce.
// [ServiceAccount] fetches a token for all goroutines, renews it before it expires and
// replaces it once after a 401; [Client.Close] revokes it. [AccessToken] sends an existing
// token, and [Tokens] the tokens of your own source. After a 401 a call is sent once more
// with new credentials, or up to four times in total while Atlas declares the Digest nonce
// stale. The error for the last 401 matches [ErrUnauthorized].
//
// Credentials are sent only to the base URL's scheme, host and port. Redirects are
// followed for read requests on the same host; all others are errors.
// Printing a client, an Auth or an error shows no secret.
//
// Middleware, hooks, a CheckRedirect, errors and an httptrace.ClientTrace in the context
// see requests without credentials, also in [http.Response.Request]. Only the transport
// of [WithHTTPClient], which is below authentication, sees the Authorization header.
//
// # Retries
//
// Retries are on by default; [RetryPolicy] configures them. A request is sent again
//
//   - after 429, for every call;
//   - after 408, 502, 503 and 504, for every call except Create;
//   - after a connection failure, a timeout of one attempt or an incomplete response,
//     for every call except Create;
//   - for Create, if no connection was made (for example, because a proxy refused it) or
//     there was no token.
//
// Create is the exception because Atlas accepts the same bucket many times: repeating a
// Create that had reached Atlas would add a second export bucket. A request is not repeated
// if it would fail again for the same reason, such as a wrong certificate or host name.
//
// The wait is the value of Retry-After, in seconds or as a date, at most
// RetryPolicy.MaxDelay. Without Retry-After it is a random time up to a ceiling, which
// starts at 500 ms, or at 10 s after a 429, and doubles with each retry. If the wait would
// exceed the context's deadline, the last response is returned instead. A budget for the
// whole client limits retries during an outage. RetryPolicy.ShouldRetry can change the
// decision for a failure that is safe to retry; [CallRetryPolicy] and [CallTimeout] apply
// to one call. A Delete succeeds with 204, or with a 404 for the bucket if an earlier
// attempt of the same call may have reached Atlas.
//
// # Paging
//
// [Client.List] requests pages of 500, Atlas's maximum, and fetches the next page while the
// caller works on the current one. It requests another page while pages are full, or while
// Atlas's count or link indicates more, because Atlas omits the link in some responses and
// counts 0 in others. A full page is the last one if Atlas was asked for the count, and the
// count equals the number of buckets read. The list ends after two empty pages in a row. Links
// are never followed. A list that fails at page 2 or later ends with a [*ListError], from which
// it can be resumed.
//
// # Errors
//
// A call that fails after it was sent returns an [*Error]: the status, Atlas's code and
// detail, the request's method and path, the time to wait, the beginning of the body and
// the cause. The status is kept for any body: a proxy's HTML, empty, incomplete or too long.
// errors.Is matches the sentinels, such as [ErrNotFound] and [ErrBucketInUse].
// [ErrOutcomeUnknown] matches a change that Atlas may have made despite the error.
// Errors contain neither headers nor queries, and credentials that a server repeats are
// masked in errors, in the log and in the arguments of hooks.
//
// # API versions
//
// [WithAPIVersion] selects [V20240530], the default, [V20230101] or [V1]. The two older
// versions support only AWS and no Update: other calls return a [*VersionError] that names
// the version to use, and nothing is sent. With 2024-05-30, Delete requests version
// 2023-01-01, because Atlas has no later one. A response in a version that was not
// requested is an error (with a [*MediaTypeError] as its cause). When Atlas announces the
// end of a version, the client logs it and calls the [WithDeprecationHook] function, once.
//
// # Other operations of Atlas
//
// [NewHTTPClient] returns an http.Client with the same layers, for a generated client of
// any other operations. It repeats POST and PATCH only if Atlas certainly did not execute
// them.
//
// # Observability and tests
//
// [WithLogger] logs calls, retries and notices. [WithCallHook] sets a function that is
// called after each call, with its duration, its attempts and the state of the rate limit.
// Recorders are middleware ([WithMiddleware]). Any http.RoundTripper can be the client's
// transport, for example to trace with OpenTelemetry:
//
//	traced := otelhttp.NewTransport(http.DefaultTransport)
//	c, err := client.New(auth, client.WithHTTPClient(&http.Client{Transport: traced}))
//
// For tests, package contracttest/fakeatlas provides a fake Atlas.
package client
