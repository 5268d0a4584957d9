package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// terminal is what the command can ask a person on: standard input for answers,
// standard error for questions.
type terminal struct {
	in  io.Reader
	err io.Writer
}

var (
	errNoTerminal = errors.New("there is no terminal to ask on")
	errNoAnswer   = errors.New("no answer")
)

// terminalFile is s as a terminal, nil if it is none.
func terminalFile(s any) *os.File {
	if f, ok := s.(*os.File); ok && f != nil && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// canAsk tells whether a person would see a question and could answer it.
func (t *terminal) canAsk() bool {
	return terminalFile(t.in) != nil && terminalFile(t.err) != nil
}

// ask puts a question and returns the answer without its line end.
func (t *terminal) ask(ctx context.Context, question string) (string, error) {
	return t.question(ctx, question, readLine)
}

// askSecret puts a question whose answer is not shown while it is typed.
func (t *terminal) askSecret(ctx context.Context, question string) (string, error) {
	in := terminalFile(t.in)
	if in == nil {
		return "", errNoTerminal
	}
	// The read below stays when ctx ends, and with it the hidden state of the terminal.
	before, err := term.GetState(int(in.Fd()))
	if err != nil {
		return "", err
	}
	defer func() { _ = term.Restore(int(in.Fd()), before) }()
	answer, err := t.question(ctx, question, func(in *os.File) (string, error) {
		secret, err := term.ReadPassword(int(in.Fd()))
		return string(secret), err
	})
	fmt.Fprintln(t.err) // the typed line end was not shown either
	return answer, err
}

// question puts a question and reads its answer with read. When ctx ends first, the
// reading goroutine stays until the process ends: nothing ends a read of a terminal.
func (t *terminal) question(ctx context.Context, text string, read func(*os.File) (string, error)) (string, error) {
	if !t.canAsk() {
		return "", errNoTerminal
	}
	type answer struct {
		text string
		err  error
	}
	fmt.Fprint(t.err, text)
	answers := make(chan answer, 1)
	go func() {
		line, err := read(terminalFile(t.in))
		answers <- answer{strings.TrimSpace(line), err}
	}()
	select {
	case a := <-answers:
		if errors.Is(a.err, io.EOF) {
			return "", errNoAnswer
		}
		return a.text, a.err
	case <-ctx.Done():
		fmt.Fprintln(t.err)
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

// serviceAccountPrefix is how Atlas's client ids begin.
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
