package codegen

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The module in which generated code is checked. It requires the imports of generated code
// at the versions of this module's go.mod. `go test ./internal/codegen -update` rewrites
// both.
var (
	//go:embed checker.mod
	checkerMod []byte
	//go:embed checker.sum
	checkerSum []byte
)

// check type-checks and vets generated code in a separate module. It uses the go command,
// which the generator needs anyway, so that this program links no compiler.
func check(ctx context.Context, code map[string][]byte) error {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return ErrNoGo
	}
	folder, err := os.MkdirTemp("", "exportbuckets-check-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	files := map[string][]byte{"go.mod": checkerMod, "go.sum": checkerSum}
	for name, data := range code {
		files[name] = data
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			return err
		}
	}
	output := &commandOutput{}
	cmd := exec.CommandContext(ctx, goCommand, "vet", ".")
	cmd.Dir, cmd.Env = folder, childEnviron(os.Environ())
	cmd.Stdout, cmd.Stderr = output, output
	cmd.Cancel, cmd.WaitDelay = func() error { return interrupt(cmd.Process) }, stopWithin
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("the generated code does not compile or pass go vet, so it is not written:\n  %s\n  %s", output.first(5), howToRename)
	}
	return nil
}

// howToRename is the advice for names of the document that collide in Go.
const howToRename = "rename one of them in Go: set x-go-name in an overlay (--overlay FILE)"

// first returns the first n lines of output, without the messages of the go command about
// itself.
func (o *commandOutput) first(n int) string {
	var lines []string
	for _, line := range o.lines() {
		if len(lines) < n && !strings.HasPrefix(line, "# ") {
			lines = append(lines, strings.TrimPrefix(line, "vet: "))
		}
	}
	return strings.Join(lines, "\n  ")
}
