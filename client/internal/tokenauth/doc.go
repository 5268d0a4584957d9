// Package tokenauth signs requests with OAuth 2.0 access tokens, which is how
// Atlas takes service accounts (client credentials, RFC 6749 §4.4).
//
// [Cache] keeps one token for all goroutines: it is fetched by one call at a time
// with that call's context, renewed while the old one still works, and replaced
// once when a response is 401. [Limiter] keeps the fetching inside what Atlas
// allows. [ServiceAccount] is the fetching itself, on golang.org/x/oauth2.
//
// Nothing runs in the background: a token is renewed by the call that finds it
// old, so there is nothing to stop and nothing that leaks.
package tokenauth
