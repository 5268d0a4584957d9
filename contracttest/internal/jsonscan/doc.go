// Package jsonscan reads JSON without building a tree of it, for recordings that are larger
// than memory and for the hot path of their validation.
//
// A [Stream] reads from an io.Reader in constant memory. It visits the members of objects
// and arrays, skips those that the caller does not need, and returns single values as raw
// text. A [Cursor] then reads such a raw text in memory. It accepts the same texts as
// encoding/json (RFC 8259), with one deliberate difference: bytes inside a string that are
// not UTF-8 are kept unchanged, so that a rule can report them. encoding/json would replace
// them.
package jsonscan
