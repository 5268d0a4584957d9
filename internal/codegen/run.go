package codegen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

const (
	// MaxCode bounds the generated code, in bytes; the code for all of Atlas has a tenth of
	// it.
	MaxCode = 256 << 20
	// maxOutput bounds the output of the go command and the generator that is kept, in bytes.
	maxOutput = 16 << 10
	// stopWithin is the time that the go command has to stop after an interrupt.
	stopWithin = 5 * time.Second
)

// ErrNoGo means that there is no go command to build the generator with.
var ErrNoGo = errors.New("no go command on PATH: install Go from https://go.dev/dl, or add the folder of the go command to PATH")

// generate runs the pinned oapi-codegen on a document and returns its output. note, if not
// nil, is called with the go command's downloads.
func generate(ctx context.Context, config, document []byte, note func(string)) ([]byte, error) {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return nil, ErrNoGo
	}
	folder, err := os.MkdirTemp("", "exportbuckets-generate-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	for name, data := range map[string][]byte{"go.mod": generatorMod, "go.sum": generatorSum, "config.yaml": config, "openapi.json": document} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			return nil, err
		}
	}
	code := &boundedBuffer{limit: MaxCode}
	output := &commandOutput{note: note}
	cmd := exec.CommandContext(ctx, goCommand, "run", generatorCommand, "-config", "config.yaml", "openapi.json")
	cmd.Dir, cmd.Env = folder, childEnviron(os.Environ())
	cmd.Stdout, cmd.Stderr = code, output
	cmd.Cancel, cmd.WaitDelay = func() error { return interrupt(cmd.Process) }, stopWithin
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, output.failure(err)
	case code.Len() == 0:
		return nil, fmt.Errorf("oapi-codegen %s wrote nothing", GeneratorVersion())
	}
	return code.Bytes(), nil
}

// interrupt lets the go command stop the processes that it started; on systems without
// signals, the go command is killed.
func interrupt(p *os.Process) error {
	if err := p.Signal(os.Interrupt); err != nil {
		return p.Kill()
	}
	return nil
}

// boundedBuffer fails on writes beyond its limit.
type boundedBuffer struct {
	bytes.Buffer
	limit int
}

func (b *boundedBuffer) Write(data []byte) (int, error) {
	if b.Len()+len(data) > b.limit {
		return 0, fmt.Errorf("more than %d MB of code", b.limit>>20)
	}
	return b.Buffer.Write(data)
}

// commandOutput keeps the end of the output of the go command and the generator.
type commandOutput struct {
	note func(string)
	kept []byte
}

func (o *commandOutput) Write(data []byte) (int, error) {
	if line, _, _ := strings.Cut(string(data), "\n"); o.note != nil && strings.HasPrefix(line, "go: downloading ") {
		o.note(strings.TrimPrefix(line, "go: "))
	}
	o.kept = append(o.kept, data...)
	o.kept = o.kept[max(0, len(o.kept)-maxOutput):]
	return len(data), nil
}

var _ io.Writer = (*commandOutput)(nil)

// failure returns an error with the output: of the generator, or of the go command if it
// could not fetch or build the generator. The go command reports the exit status of the
// generator on a separate line.
func (o *commandOutput) failure(cause error) error {
	lines := o.lines()
	ran := strings.Contains(string(o.kept), "exit status ")
	if len(lines) == 0 {
		lines = []string{cause.Error()}
	}
	output := strings.Join(lines, "\n  ")
	if !ran {
		return fmt.Errorf("the go command could not fetch or build oapi-codegen %s (the first time needs a module proxy, see `go env GOPROXY`):\n  %s", GeneratorVersion(), output)
	}
	return fmt.Errorf("oapi-codegen %s refuses the document:\n  %s", GeneratorVersion(), output)
}

// lines returns the output without the go command's lines on downloads and exits.
func (o *commandOutput) lines() []string {
	var lines []string
	for line := range strings.Lines(string(o.kept)) {
		line = termtext.Visible(strings.TrimRight(line, "\r\n"))
		if line != "" && !strings.HasPrefix(line, "go: downloading ") && !strings.HasPrefix(line, "exit status ") {
			lines = append(lines, line)
		}
	}
	return lines
}
