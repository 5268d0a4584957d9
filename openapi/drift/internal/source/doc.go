// Package source reads a specification from a file, from standard input or from the
// web, with limits on size and time.
//
// URLs must be https, except for this machine. Redirects are followed only to https, and
// URLs with credentials are refused. Downloads are cached with their ETag, so that an
// unchanged document costs one short response (cache.go).
package source
