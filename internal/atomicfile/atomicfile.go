// Package atomicfile writes files completely or not at all.
package atomicfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// Write replaces the content of the file name by data. A new file gets the permissions perm;
// an existing file keeps its own. After a failure the old file is unchanged.
func Write(name string, data []byte, perm fs.FileMode) error {
	return WriteWith(name, perm, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WritePrivate is [Write] for a file that only the user may read: the file gets the mode
// 0600, even if it exists with another mode.
func WritePrivate(name string, data []byte) error {
	return replace(name, 0o600, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteWith is [Write] for content that a function writes, so that it need not be in memory.
// An error of the function is wrapped.
func WriteWith(name string, perm fs.FileMode, content func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			return writeThrough(name, content)
		}
		perm = info.Mode().Perm()
	}
	return replace(name, perm, content)
}

// replace writes a new file next to name and moves it there.
func replace(name string, perm fs.FileMode, content func(io.Writer) error) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, phrase.WithoutPath(err))
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
			err = fmt.Errorf("write %s: %w", name, phrase.WithoutPath(err))
		}
	}()
	if err := fill(temp, content, perm); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

func fill(f *os.File, content func(io.Writer) error, perm fs.FileMode) error {
	err := content(f)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// writeThrough writes to a file that cannot be replaced: a device or a pipe such as
// /dev/stdout.
func writeThrough(name string, content func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = content(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
