package recording

import (
	"bufio"
	"errors"
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// harKeys are the members of a HAR's log (HAR 1.2). A JSON file of another kind may also
// have a "log", but with none of these members.
var harKeys = map[string]bool{"version": true, "creator": true, "browser": true, "pages": true, "entries": true}

// splitJSON cuts a HAR, or a cassette that was written as JSON, into its entries. The keys
// may be in any order, except that a cassette's version must come before its interactions;
// otherwise they could be those of a Pact file.
func splitJSON(r *bufio.Reader, out *output) error {
	j := jsonSplitter{s: jsonscan.NewStream(r), out: out}
	err := j.s.Object(j.top)
	if err == nil {
		err = j.s.End()
	}
	switch {
	case errors.Is(err, errStopped):
		return err
	case !j.known && err != nil:
		return fmt.Errorf("%w (%w)", errUnknownKind, err)
	case !j.known:
		return errUnknownKind
	case err == nil && !j.entries:
		return errors.New("the HAR has no log.entries")
	}
	return err
}

type jsonSplitter struct {
	s       *jsonscan.Stream
	out     *output
	known   bool // the file is a recording
	version bool // there is a version at the top level, as in cassettes
	entries bool // the entries have been read
}

func (j *jsonSplitter) top(key string) error {
	c, err := j.s.Peek()
	switch {
	case err != nil:
		return err
	case key == "log" && c == '{':
		return j.s.Object(j.log)
	case key == "interactions" && c == '[' && j.version:
		return j.array(decodeInteractionJSON)
	}
	j.version = j.version || key == "version"
	return j.s.Skip()
}

func (j *jsonSplitter) log(key string) error {
	if harKeys[key] {
		j.known = true
	}
	c, err := j.s.Peek()
	if err != nil {
		return err
	}
	if key == "entries" && c == '[' {
		return j.array(decodeHAR)
	}
	return j.s.Skip()
}

func (j *jsonSplitter) array(decode decoder) error {
	j.known, j.entries = true, true
	return j.s.Array(func() error {
		j.out.open = true
		line := j.s.Line()
		raw, err := j.s.Value(j.out.buffer(), j.out.maxEntry)
		if errors.Is(err, jsonscan.ErrTooLarge) {
			return j.out.entry(line, raw, decodeLargeJSON(fmt.Errorf("the entry is larger than %d MiB", j.out.maxEntry>>20)))
		}
		if err != nil {
			return err
		}
		return j.out.entry(line, raw, decode)
	})
}
