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
// # What a call goes through
//
// The arguments are checked first: an invalid one is an [*ArgumentError], and nothing
// is sent. Then the request goes down a chain of layers, each of which is an
// http.RoundTripper, and the response comes up through them:
//
//	version     the dated Accept; deprecation notices in responses
//	retry       sends again what may be sent again
//	attempt     bounds one attempt in time, its response in size
//	middleware  the caller's (WithMiddleware): sees every attempt, and no credential
//	host guard  sends credentials to the base URL's host only, and hides them from above
//	auth        signs: Digest or a bearer token
//	base        the caller's transport (WithHTTPClient), or a copy of net/http's
//
// The response's status and media type are checked and its body is decoded, once.
//
// # Authentication
//
// [APIKey] answers Digest challenges and reuses them, so that a call is one request
// in the steady state; a challenge is renewed after a minute, a 401 or a nextnonce.
// [ServiceAccount] fetches a token for all goroutines, renews it before it expires
// and replaces it once after a 401; [Client.Close] revokes it. [AccessToken] sends a
// token that you have, [Tokens] those of a source that you write. After a 401 a call
// is sent again once with new credentials, or up to four times in all while Atlas calls
// the Digest nonce stale; the last 401 is returned as [ErrUnauthorized].
//
// Credentials go to the base URL's scheme, host and port and nowhere else.
// Redirects are followed for reading calls on that same host; all others are errors.
// Printing a client, an Auth or an error shows no secret.
//
// Middleware, hooks, a CheckRedirect, errors and an httptrace.ClientTrace in the context
// see requests as they were before they were signed, also in [http.Response.Request].
// Only the transport of [WithHTTPClient], which is below authentication, sees the
// Authorization header.
//
// # Retries
//
// They are on by default and set by [RetryPolicy]. A request is sent again
//
//   - after 429, for every call;
//   - after 408, 502, 503 and 504, for every call but Create;
//   - after a failure of the connection, a timeout of one attempt or a response that
//     breaks off, for every call but Create;
//   - for Create, when the connection was never made, also because a proxy refused it,
//     or there was no token.
//
// Create is the exception because Atlas accepts the same bucket many times: one that
// is sent again after it had arrived would add a second one. Not sent again is a
// request whose failure would repeat itself, such as a wrong certificate or host name.
//
// The wait is the value of Retry-After, in seconds or as a date, at most
// RetryPolicy.MaxDelay; without it a random time up to a ceiling that doubles, from
// 500 ms, or after 429 from 10 s. No wait goes beyond the context's deadline: the
// response at hand is returned instead. A budget for the whole client bounds retries
// in an outage. RetryPolicy.ShouldRetry can decide otherwise about a failure, as far as
// repeating is safe; [CallRetryPolicy] and [CallTimeout] apply to one call. A Delete
// succeeds with 204, or with a 404 for the bucket if an earlier attempt of the same
// call may have arrived.
//
// # Paging
//
// [Client.List] asks for pages of 500, Atlas's most, and fetches the next one while
// the caller works on this one. Pages are counted. They go on while they are full,
// or while Atlas counts or links to more, because Atlas leaves the link out of some
// responses and counts 0 in others. A full page is the last one if Atlas was asked to
// count and counts exactly what was read. Links are never followed. A list that fails
// after its first page ends with a [*ListError], from which it can be resumed.
//
// # Errors
//
// A call that fails after it was sent returns an [*Error]: the status, Atlas's code and
// detail, the request's method and path, how long to wait, the beginning of the body and
// the cause. The status is kept for any body: HTML of a proxy, empty, cut off, too long.
// errors.Is matches the sentinels, such as [ErrNotFound] and [ErrBucketInUse].
// [ErrOutcomeUnknown] matches a change that Atlas may have made all the same.
// Errors contain neither headers nor queries, and credentials that a server repeats are
// masked in them, in the log and in what hooks get.
//
// # API versions
//
// [WithAPIVersion] chooses between [V20240530], the default, [V20230101] and [V1]. The
// older two know only AWS and no update: asking them for more is a [*VersionError]
// that names the version to use, and nothing is sent. Deletions are dated 2023-01-01
// under 2024-05-30 too: Atlas has no later one. A response of another version than the
// requested one is an error (a [*MediaTypeError] as its cause). When Atlas announces
// the end of a version, the client logs it and calls the [WithDeprecationHook] function, once.
//
// # Other operations of Atlas
//
// [NewHTTPClient] returns an http.Client with the same layers, for a generated client of
// any other operations. It sends POST and PATCH again only if they surely were not
// carried out.
//
// # Seeing what happens
//
// [WithLogger] logs calls, retries and notices; [WithCallHook] has a function called
// after each call, with its duration, attempts and what is left of the rate limit.
// Recorders and the like are middleware ([WithMiddleware]). Any http.RoundTripper goes
// under the client, for tracing with OpenTelemetry
//
//	traced := otelhttp.NewTransport(http.DefaultTransport)
//	c, err := client.New(auth, client.WithHTTPClient(&http.Client{Transport: traced}))
//
// and for tests a transport of your own, or contracttest/fakeatlas, which is an Atlas
// to test against.
package client
