package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/testenv"
	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	testscript.Main(leakChecked{m}, map[string]func(){
		"exportbuckets": func() { os.Exit(mainCode()) },
	})
}

// leakChecked runs the tests and fails if they leak goroutines. The commands that scripts
// run are not checked; goroutines end when their process exits.
type leakChecked struct{ tests *testing.M }

// parallelTests is the number of tests that run at once unless -parallel is set:
// transcripts spend more time waiting for retries and processes than computing.
const parallelTests = "8"

func (l leakChecked) Run() int {
	testenv.UnsetAtlas()
	if err := flag.Set("test.parallel", parallelTests); err != nil { // the flags are parsed later
		panic(err)
	}
	code := l.tests.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "leaked goroutines:", err)
		return 1
	}
	return code
}

// TestScript plays the transcripts in testdata/script: commands and their results. In
// addition to testscript's commands, they have these:
//
//	atlas [FLAG...]          run `exportbuckets serve` with the flags, in the place of
//	                         the one before, and set the environment to use it
//	arrived OPERATION N      wait until it has responded to N requests for the operation
//	code N PROGRAM [ARG...]  exec, which must end with that exit code
//	interrupt                send SIGINT to the last background command
//	exited N                 the interrupted command, once waited for, had that exit code
//
// $READONLY is a folder that cannot be written to, $CONTRACT is the folder with the
// committed specifications.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setupScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"atlas":     scriptAtlas,
			"arrived":   scriptArrived,
			"code":      scriptCode,
			"interrupt": scriptInterrupt,
			"exited":    scriptExited,
		},
	})
}

// script is the state that the commands of one script share.
type script struct {
	server      *servedAtlas
	interrupted *exec.Cmd
}

type scriptKey struct{}

func setupScript(env *testscript.Env) error {
	s := &script{}
	env.Values[scriptKey{}] = s
	env.Defer(func() {
		if s.server != nil {
			s.server.stop()
		}
	})
	contract, err := filepath.Abs("../../openapi")
	if err != nil {
		return err
	}
	env.Setenv("CONTRACT", contract)
	env.Setenv("GOGC", "400") // collect garbage later: the first collection takes a fifth of the CPU time of starting the command
	env.Setenv("HOME", env.WorkDir+"/home")
	env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/config")
	readonly := env.WorkDir + "/readonly"
	if os.Geteuid() == 0 {
		readonly = "/proc/self/fdinfo" // file permissions do not restrict root
	} else if err := os.Mkdir(readonly, 0o500); err != nil {
		return err
	}
	env.Setenv("READONLY", readonly)
	return nil
}

func scriptOf(ts *testscript.TestScript) *script { return ts.Value(scriptKey{}).(*script) }

// servedAtlas is a running serve verb, and the log lines that it printed so far.
type servedAtlas struct {
	cmd  *exec.Cmd
	done chan struct{}

	mu    sync.Mutex
	lines []string
	more  chan struct{} // closed when the next line arrives
}

func scriptAtlas(ts *testscript.TestScript, _ bool, args []string) {
	s := scriptOf(ts)
	if s.server != nil {
		s.server.stop()
	}
	cmd := exec.Command("exportbuckets", append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	s.server = &servedAtlas{cmd: cmd, done: make(chan struct{}), more: make(chan struct{})}
	go s.server.read(stderr)
	lines := bufio.NewScanner(stdout)
	for range 6 {
		if !lines.Scan() {
			ts.Fatalf("serve printed nothing: %v", s.server.stop())
		}
		name, value, _ := strings.Cut(lines.Text(), "=")
		if strings.Contains(name, "_CLIENT_") { // otherwise each run would use one of 10 token requests per minute
			value, name = "", name+"_UNUSED"
		}
		ts.Setenv(name, value)
	}
}

func (a *servedAtlas) read(stderr io.Reader) {
	defer close(a.done)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		a.mu.Lock()
		a.lines = append(a.lines, lines.Text())
		close(a.more)
		a.more = make(chan struct{})
		a.mu.Unlock()
	}
}

// stop ends the server and returns its output, for error messages.
func (a *servedAtlas) stop() string {
	_ = a.cmd.Process.Signal(os.Interrupt)
	<-a.done
	_ = a.cmd.Wait()
	return strings.Join(a.lines, "\n")
}

// count returns the number of responses for an operation, and a channel that is closed when
// there are more.
func (a *servedAtlas) count(operation string) (int, <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, line := range a.lines {
		if strings.Contains(line, " operation="+operation+" ") {
			n++
		}
	}
	return n, a.more
}

func scriptArrived(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	for {
		n, more := scriptOf(ts).server.count(args[0])
		if n >= want {
			return
		}
		<-more // the test's own time limit ends this
	}
}

func scriptCode(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	code := 0
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func scriptInterrupt(ts *testscript.TestScript, _ bool, _ []string) {
	cmds := ts.BackgroundCmds()
	if len(cmds) == 0 {
		ts.Fatalf("no command is running in the background")
	}
	s := scriptOf(ts)
	s.interrupted = cmds[len(cmds)-1]
	ts.Check(s.interrupted.Process.Signal(os.Interrupt))
}

func scriptExited(ts *testscript.TestScript, _ bool, args []string) {
	state := scriptOf(ts).interrupted.ProcessState
	if got := strconv.Itoa(state.ExitCode()); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}
