//go:build !unix

package source

import "os"

// makePipe creates a folder, which is not a regular file either.
func makePipe(name string) error { return os.Mkdir(name, 0o700) }
