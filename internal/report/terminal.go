package report

import (
	"os"
	"strconv"

	"golang.org/x/term"
)

// ForTerminal gives the options that suit out: colour and wrapping on a
// terminal, neither in a file or a pipe. getenv is os.Getenv, or a test's.
//
// The environment decides as in other programs: NO_COLOR turns colour off
// whatever else is set (no-color.org), CLICOLOR_FORCE turns it on where there is
// no terminal and CLICOLOR=0 off (bixense.com/clicolors), TERM=dumb has none.
// COLUMNS stands in for a terminal that does not tell its width.
func ForTerminal(out *os.File, getenv func(string) string) Options {
	tty := out != nil && term.IsTerminal(int(out.Fd()))
	o := Options{Color: wantsColor(tty, getenv)}
	if tty {
		o.Width = terminalWidth(out, getenv)
	}
	return o
}

func wantsColor(tty bool, getenv func(string) string) bool {
	force := getenv("CLICOLOR_FORCE")
	switch {
	case getenv("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	case getenv("CLICOLOR") == "0", getenv("TERM") == "dumb":
		return false
	}
	return tty
}

// terminalWidth is 80 columns where nothing says otherwise.
func terminalWidth(out *os.File, getenv func(string) string) int {
	if width, _, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
		return width
	}
	if width, err := strconv.Atoi(getenv("COLUMNS")); err == nil && width > 0 {
		return width
	}
	return 80
}
