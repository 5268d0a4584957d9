// Package scrub removes from an exchange the texts that must not be kept: credentials, and
// names of the recorded project, its buckets, roles and hosts.
//
// It uses an allowlist. A header, a path segment, a query parameter or a field's text is
// kept only if it is on a list and has the expected form; everything else becomes
// "redacted". [Scrubber.Check] then looks for texts that look like a secret in the result,
// as an additional safety measure.
//
// Ids, names and addresses are replaced by placeholders. One Scrubber replaces equal values
// by equal placeholders, so that a scrubbed session stays consistent. A placeholder
// conforms to the contract if and only if the value did: an invalid id stays invalid, and a
// name that is too long stays too long. Otherwise scrubbing would hide the violations that
// verification looks for.
package scrub
