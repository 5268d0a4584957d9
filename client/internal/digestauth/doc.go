// Package digestauth signs requests with HTTP Digest (RFC 7616), which is how
// Atlas takes API keys: the public key is the user name, the private key the
// password.
//
// # What github.com/icholy/digest does here, and what it does not
//
// That module computes the response hashes and formats the Authorization
// header; both were read against RFC 7616 and are right, so they are reused.
// Its transport and its challenge parser (v1.2.0) are not used, because:
//
//   - the parser knows one challenge a header field, reads parameter names case
//     sensitively, keeps the blanks of a list such as qop="auth, auth-int",
//     stops at tabs, at empty list elements and at token characters other than
//     letters, digits and hyphens; and it knows no "-sess" algorithm;
//   - the transport drains a 401 without a usable challenge and hands on the
//     empty rest, so that the server's own error text is lost;
//   - it drains bodies without a bound;
//   - it never drops a challenge for its age, and lets every goroutine of a cold
//     start ask for its own.
//
// # Rules of this transport
//
//   - A challenge is reused with a rising nonce count, from 1: one request a call
//     in the steady state.
//   - While one call asks for a challenge the others wait for it, each at most
//     once and never beyond its context. A challenge is shared once the request that
//     asked for it was accepted: with another one overtaking it, a server that wants
//     counts to rise, or a nonce to be used once, would refuse it.
//   - A challenge is dropped when it is [MaxAge] old, and on any 401.
//   - A call that meets 401 is sent again with the challenge of its own 401, which no
//     other call uses meanwhile. The 401 that refuses this one is final, unless it
//     contains stale=true: the credentials are right then, and the call is sent again,
//     four times in all at most.
//   - The nextnonce of Authentication-Info is used, by one request.
//   - No nonce is sent with one count twice, also where a server sends the same nonce
//     in several challenges, and where net/http repeats a request on a new connection.
//   - Request bodies are replayed; a body of a 401 that is not handed on is read
//     up to a bound, so that the connection can be used again.
//
// Which host may be answered is not decided here: the caller puts this transport
// behind a check of the host.
package digestauth
