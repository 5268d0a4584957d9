package report

import (
	"os"
	"strconv"

	"golang.org/x/term"
)

// ForTerminal returns the options that suit out: color and wrapping on a terminal, neither
// in a file or a pipe. getenv is os.Getenv, or a function of a test.
//
// The environment variables are those that other programs use: NO_COLOR turns color off,
// regardless of the others (no-color.org). CLICOLOR_FORCE turns it on without a terminal,
// and CLICOLOR=0 turns it off (bixense.com/clicolors). TERM=dumb turns it off as well.
// COLUMNS is used if the terminal does not report its width.
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

// terminalWidth returns the width of the terminal, 80 columns if it is unknown.
func terminalWidth(out *os.File, getenv func(string) string) int {
	if width, _, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
		return width
	}
	if width, err := strconv.Atoi(getenv("COLUMNS")); err == nil && width > 0 {
		return width
	}
	return 80
}
