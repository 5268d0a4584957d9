// Package jsonscan walks JSON without building a tree of it, for recordings that
// are larger than memory and for the hot path of their validation.
//
// A [Stream] reads from an io.Reader in constant memory: it visits the members of
// objects and arrays, skips the members that the caller does not want and hands out single
// values as raw text. A [Cursor] then walks such a raw text in memory, strictly:
// it accepts the same texts as encoding/json (RFC 8259), with one deliberate
// difference. Bytes inside a string that are not UTF-8 are kept as they are, so that
// a rule can report them, where encoding/json would replace them silently.
package jsonscan
