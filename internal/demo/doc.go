// Package demo plays the whole module in one process, with no account and no
// network: a fake Atlas, the client under both ways to authenticate, a recording of
// what was said, and the verdict over it; then the same recording with one lie in
// it, to show that the verdict is not for free.
package demo
