//go:build !unix

package source

import (
	"io/fs"
	"os"
)

// openFile opens a file to read.
func openFile(name string) (*os.File, error) { return os.Open(name) }

// isOwn returns true, because the cache is in the user's own folder, and on this system a
// file's mode does not contain its owner.
func isOwn(fs.FileInfo) bool { return true }
