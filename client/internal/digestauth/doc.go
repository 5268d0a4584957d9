// Package digestauth signs requests with HTTP Digest (RFC 7616), which is how
// Atlas takes API keys: the public key is the user name, the private key the
// password.
//
// # The use of github.com/icholy/digest
//
// That module computes the response hashes and formats the Authorization header. Both were
// compared with RFC 7616 and are correct. Its transport and its challenge parser (v1.2.0)
// are not used, because:
//
//   - the parser reads only one challenge per header field, compares parameter names case
//     sensitively, keeps the spaces of a list such as qop="auth, auth-int", stops at
//     tabs, at empty list elements and at token characters other than letters, digits
//     and hyphens, and does not support "-sess" algorithms;
//   - the transport reads the body of a 401 without a usable challenge and returns the
//     response without it, so that the server's error text is lost;
//   - it reads such bodies without a size limit;
//   - it never drops a challenge because of its age, and every goroutine of a cold
//     start requests its own challenge.
//
// # Rules of this transport
//
//   - A challenge is reused with a rising nonce count, from 1, so that a call is usually
//     one request.
//   - While one call requests a challenge, the others wait for it, each at most once and
//     never beyond its context. A challenge is shared only after the request that asked
//     for it was accepted. Otherwise another request could arrive first, and a server that
//     expects rising counts, or a nonce to be used once, would refuse the original one.
//   - A challenge is dropped when it is [MaxAge] old, and on any 401.
//     A call that receives a 401 is sent again with the challenge of that 401, which no other
//     call uses until then. A second 401 is final, unless it contains stale=true,
//     which means that the credentials are right. The call is then sent again, at most four
//     times in total.
//   - The nextnonce of Authentication-Info is used for one request.
//   - A nonce is never sent with the same count twice, even if a server sends the same
//     nonce in several challenges, or if net/http repeats a request on a new connection.
//   - Request bodies are replayed. The body of a 401 that is not returned is read up to a
//     limit, so that the connection can be reused.
//
// This package does not check the host that sends a challenge: the caller places this
// transport behind such a check.
package digestauth
