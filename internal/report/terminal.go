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
	tty := term.IsTerminal(int(out.Fd()))
	o := Options{Color: wantsColor(tty, getenv)}
	if tty {
		size, _, _ := term.GetSize(int(out.Fd()))
		o.Width = terminalWidth(size, getenv("COLUMNS"))
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

// terminalWidth returns the number of columns: size, as the terminal reports it, or else the
// value of COLUMNS, or else 80.
func terminalWidth(size int, columns string) int {
	if size > 0 {
		return size
	}
	if width, err := strconv.Atoi(columns); err == nil && width > 0 {
		return width
	}
	return 80
}
