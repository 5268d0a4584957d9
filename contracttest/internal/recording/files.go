package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// Input names the files and folders to read.
type Input struct {
	paths []string
	tree  tree
}

// Paths reads from the operating system: absolute paths, and paths relative to the
// working directory.
func Paths(paths ...string) Input {
	return Input{paths: paths, tree: tree{open: osOpen, stat: os.Stat, walk: filepath.WalkDir, clean: filepath.Clean}}
}

// InFS reads from fsys; without paths it reads the whole file system.
func InFS(fsys fs.FS, paths ...string) Input {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	return Input{paths: paths, tree: tree{
		open:  fsys.Open,
		stat:  func(name string) (fs.FileInfo, error) { return fs.Stat(fsys, name) },
		walk:  func(root string, fn fs.WalkDirFunc) error { return fs.WalkDir(fsys, root, fn) },
		clean: path.Clean,
	}}
}

// tree is the part of a file system that the reader needs. It allows the reader to treat
// paths of the operating system, which may be absolute or contain "..", and those of an
// fs.FS alike.
type tree struct {
	open  func(name string) (fs.File, error)
	stat  func(name string) (fs.FileInfo, error)
	walk  func(root string, fn fs.WalkDirFunc) error
	clean func(name string) string
}

func osOpen(name string) (fs.File, error) { return os.Open(name) } //nolint:gosec // reading what the user names is the purpose

// found is a file to read.
type found struct {
	path  string
	named bool // the caller named the file, so it must be a recording
}

// errTooManyFiles ends a walk.
var errTooManyFiles = fmt.Errorf("more than %d files: name a smaller folder", MaxFiles)

// files visits every file of the input once, in the order of the paths and by name within a
// folder. It calls fail for a path that cannot be visited. use returns false to stop.
func (in Input) files(use func(found) bool, fail func(name string, err error) bool) {
	w := walker{tree: in.tree, seen: map[string]bool{}, use: use, fail: fail}
	for _, name := range in.paths {
		if !w.path(name) {
			return
		}
	}
}

type walker struct {
	tree
	seen map[string]bool
	use  func(found) bool
	fail func(name string, err error) bool
}

func (w *walker) path(name string) bool {
	info, err := w.stat(name)
	if err != nil {
		return w.fail(name, phrase.WithoutPath(err))
	}
	if !info.IsDir() {
		return w.file(found{path: name, named: true})
	}
	return w.folder(name)
}

func (w *walker) folder(root string) bool {
	err := w.walk(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if !w.fail(name, phrase.WithoutPath(err)) {
				return fs.SkipAll
			}
			return nil
		case !w.isFile(name, entry):
			return nil
		case len(w.seen) >= MaxFiles:
			return errTooManyFiles
		case !w.file(found{path: name}):
			return errStopped
		}
		return nil
	})
	if errors.Is(err, errStopped) {
		return false
	}
	if err != nil {
		return w.fail(root, err)
	}
	return true
}

// errStopped ends a walk because the caller stopped.
var errStopped = errors.New("stopped")

// isFile follows symbolic links to files, but not to folders, because those may form a
// loop.
func (w *walker) isFile(name string, entry fs.DirEntry) bool {
	if entry.Type()&fs.ModeSymlink == 0 {
		return entry.Type().IsRegular()
	}
	info, err := w.stat(name)
	return err == nil && info.Mode().IsRegular()
}

func (w *walker) file(f found) bool {
	key := w.clean(f.path)
	if w.seen[key] {
		return true
	}
	w.seen[key] = true
	return w.use(f)
}
