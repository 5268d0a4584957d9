package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// terminal asks the user: questions go to standard error, answers come from standard
// input.
type terminal struct {
	in  io.Reader
	err io.Writer
}

var (
	errNoTerminal = errors.New("there is no terminal to ask on")
	errNoAnswer   = errors.New("no answer was given")
)

// terminalFile returns s as a file, nil if it is not a terminal.
func terminalFile(s any) *os.File {
	if r, ok := s.(*interruptible); ok {
		s = r.file
	}
	if f, ok := s.(*os.File); ok && f != nil && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// canAsk reports whether a person would see a question and could answer it.
func (t *terminal) canAsk() bool {
	return terminalFile(t.in) != nil && terminalFile(t.err) != nil
}

// ask prints a question and returns the answer without its line end.
func (t *terminal) ask(ctx context.Context, question string) (string, error) {
	in, err := t.input()
	if err != nil {
		return "", err
	}
	fmt.Fprint(t.err, question)
	answer, err := await(ctx, func() (string, error) { return readLine(in) })
	if ctx.Err() != nil {
		fmt.Fprintln(t.err)
	}
	return answer, err
}

// askSecret prints a question and does not show the answer. The terminal is put in raw mode
// before the question is printed, so that early typing is not shown either. Ctrl-C is a
// character in raw mode; askSecret returns errInterrupted for it.
func (t *terminal) askSecret(ctx context.Context, question string) (string, error) {
	in, err := t.input()
	if err != nil {
		return "", err
	}
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return "", err
	}
	keys := &keyReader{in: in}
	answer, err := await(ctx, func() (string, error) {
		return term.NewTerminal(keyboard{keys, t.err}, "").ReadPassword(question)
	})
	// Restore the terminal even if ctx ended while the read was still blocked.
	if restored := term.Restore(int(in.Fd()), before); restored != nil {
		return "", restored
	}
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(t.err)
	case errors.Is(err, errNoAnswer):
		fmt.Fprintln(t.err)
		if keys.ctrlC {
			err = errInterrupted
		}
	}
	return answer, err
}

// input returns the terminal to read answers from.
func (t *terminal) input() (*os.File, error) {
	if !t.canAsk() {
		return nil, errNoTerminal
	}
	return terminalFile(t.in), nil
}

// keyboard combines the input and output files of a terminal.
type keyboard struct {
	io.Reader
	io.Writer
}

// keyReader detects Ctrl-C, which is a character in raw mode.
type keyReader struct {
	in    io.Reader
	ctrlC bool
}

func (r *keyReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	r.ctrlC = r.ctrlC || bytes.IndexByte(p[:n], 3) >= 0
	return n, err
}

// await reads an answer. If ctx ends first, the reading goroutine remains until the
// process ends, because a read of a terminal cannot be canceled.
func await(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		line, err := read()
		answers <- answer{strings.TrimSpace(line), err}
	}()
	select {
	case a := <-answers:
		if errors.Is(a.err, io.EOF) {
			return "", errNoAnswer
		}
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// maxAnswer bounds a line that is typed or pasted.
const maxAnswer = 4 << 10

// readLine reads one line and nothing after it. End of input without a line is
// io.EOF.
func readLine(in *os.File) (string, error) {
	var line []byte
	for one := make([]byte, 1); len(line) < maxAnswer; {
		n, err := in.Read(one)
		switch {
		case n == 1 && one[0] == '\n':
			return string(line), nil
		case n == 1:
			line = append(line, one[0])
		case err != nil && len(line) > 0 && errors.Is(err, io.EOF):
			return string(line), nil
		case err != nil:
			return "", err
		}
	}
	return "", fmt.Errorf("the answer has more than %d bytes", maxAnswer)
}

// serviceAccountPrefix is the beginning of Atlas's client ids.
const serviceAccountPrefix = "mdb_sa_id_"

// promptCredentials asks for credentials.
func promptCredentials(ctx context.Context, t *terminal) (variables, error) {
	if !t.canAsk() {
		return nil, fmt.Errorf("cannot ask for credentials: %w; see `exportbuckets help credentials` for other ways", errNoTerminal)
	}
	name, err := t.ask(ctx, "Public key or client id (empty for an access token): ")
	if err != nil {
		return nil, err
	}
	question, nameVariable, secretVariable := "Private key (not shown): ", "MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY"
	switch {
	case name == "":
		question, secretVariable = "Access token (not shown): ", "MONGODB_ATLAS_ACCESS_TOKEN"
	case strings.HasPrefix(name, serviceAccountPrefix):
		question, nameVariable, secretVariable = "Client secret (not shown): ", "MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"
	}
	secret, err := t.askSecret(ctx, question)
	if err != nil {
		return nil, err
	}
	if secret == "" {
		return nil, errors.New("no credentials were given")
	}
	v := variables{}
	v.set(nameVariable, name)
	v.set(secretVariable, secret)
	return v, nil
}
