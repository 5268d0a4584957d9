package recording

import (
	"io"
	"io/fs"
	"slices"
	"time"
)

// stdinName is the name of the recording "-" in errors and findings.
const stdinName = "standard input"

// WithStdin returns an input in which the path "-" is read from r, once.
func (in Input) WithStdin(r io.Reader) Input {
	if !slices.Contains(in.paths, "-") {
		return in
	}
	in.paths = slices.Clone(in.paths)
	for i, name := range in.paths {
		if name == "-" {
			in.paths[i] = stdinName
		}
	}
	files := in.tree
	in.tree.open = func(name string) (fs.File, error) {
		if name == stdinName {
			return stdinFile{r}, nil
		}
		return files.open(name)
	}
	in.tree.stat = func(name string) (fs.FileInfo, error) {
		if name == stdinName {
			return stdinInfo{}, nil
		}
		return files.stat(name)
	}
	return in
}

// stdinFile is a reader in the form of a file. Closing it leaves the reader open.
type stdinFile struct{ io.Reader }

func (stdinFile) Stat() (fs.FileInfo, error) { return stdinInfo{}, nil }
func (stdinFile) Close() error               { return nil }

// stdinInfo describes standard input as a file of unknown size.
type stdinInfo struct{}

func (stdinInfo) Name() string       { return stdinName }
func (stdinInfo) Size() int64        { return 0 }
func (stdinInfo) Mode() fs.FileMode  { return fs.ModeNamedPipe }
func (stdinInfo) ModTime() time.Time { return time.Time{} }
func (stdinInfo) IsDir() bool        { return false }
func (stdinInfo) Sys() any           { return nil }
