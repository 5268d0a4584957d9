// Package tokenauth signs requests with OAuth 2.0 access tokens, the authentication of
// Atlas's service accounts (client credentials, RFC 6749 §4.4).
//
// [Cache] keeps one token for all goroutines. One call at a time fetches it, with that
// call's context. It is renewed while the old token is still valid, and replaced once after
// a 401. [Limiter] keeps the requests within Atlas's limits. [ServiceAccount] requests and
// revokes tokens with golang.org/x/oauth2.
//
// No goroutine runs in the background: the first call that finds a token old renews it.
package tokenauth
