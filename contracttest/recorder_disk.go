package contracttest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// tapeText returns a cassette as YAML. It also reads it back with go-vcr, to make sure that
// the cassette can be replayed.
func tapeText(tape *cassette.Cassette) ([]byte, error) {
	text := bytes.NewBufferString("---\n")
	enc := yaml.NewEncoder(text)
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
