// Package source reads a specification from a file, from standard input or from the
// web, within bounds of size and time.
//
// Over the network only https is spoken, but to the own machine; redirects lead to
// https alone, and addresses never carry credentials. What was downloaded is kept
// with its ETag, so that asking again costs one short answer (cache.go).
package source
