//go:build !unix

package source

import "os"

// makePipe makes a folder, which is not a regular file either.
func makePipe(name string) error { return os.Mkdir(name, 0o700) }
