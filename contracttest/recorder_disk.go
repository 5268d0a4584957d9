package contracttest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// newTape begins a cassette.
func newTape(path string) *cassette.Cassette {
	tape := cassette.New(path)
	tape.MarshalFunc = marshalTape
	return tape
}

// marshalTape returns a cassette as YAML. It also reads it back with go-vcr, to make sure
// that the cassette can be replayed.
func marshalTape(v any) ([]byte, error) {
	tape, ok := v.(*cassette.Cassette)
	if !ok {
		return nil, fmt.Errorf("%T is not a cassette", v)
	}
	var text bytes.Buffer
	enc := yaml.NewEncoder(&text)
	enc.SetIndent(2)
	if err := errors.Join(enc.Encode(tape), enc.Close()); err != nil {
		return nil, err
	}
	again, err := cassette.LoadWithFS("tape", oneFile(text.Bytes()))
	if err != nil {
		return nil, fmt.Errorf("go-vcr cannot read it back: %w", err)
	}
	same := func(a, b *cassette.Interaction) bool {
		return a.Request.Body == b.Request.Body && a.Response.Body == b.Response.Body && a.Request.URL == b.Request.URL
	}
	if !slices.EqualFunc(tape.Interactions, again.Interactions, same) {
		return nil, errors.New("go-vcr reads back a different cassette")
	}
	return text.Bytes(), nil
}

// oneFile is a file system that returns the same text for every name.
type oneFile []byte

func (f oneFile) ReadFile(string) ([]byte, error) { return f, nil }
func (oneFile) WriteFile(string, []byte) error    { return errors.ErrUnsupported }
func (oneFile) IsFileExists(string) bool          { return true }

// privateFS writes files completely or not at all, only for the user.
type privateFS struct{}

var _ cassette.FS = privateFS{}

func (privateFS) ReadFile(name string) ([]byte, error) { return os.ReadFile(name) }

func (privateFS) IsFileExists(name string) bool {
	_, err := os.Lstat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

// WriteFile writes to a new file next to name, of mode 0600, and moves it there.
func (privateFS) WriteFile(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".recording-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// writable creates the folder, if necessary, and checks that files can be created in it.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".recording-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
