// Package scrub takes out of an exchange what must not be kept: credentials, and
// what names the recorded project, its buckets, roles and hosts.
//
// It fails closed. A header, a path segment, a query parameter or a field's text
// stays only if it is on a list and looks as such a value looks; all else becomes
// "redacted". A last look over the result for anything shaped like a secret
// ([Scrubber.Check]) is a safety net, not the means.
//
// Ids, names and addresses are mapped to stand-ins, the same one to the same other
// in everything that one Scrubber sees, so that a scrubbed session still hangs
// together. Stand-ins keep the contract where the value kept it, and break it where
// the value broke it: an id that was no id stays none, a name that was too long stays
// too long. Otherwise scrubbing would hide what a recording is made to show.
package scrub
