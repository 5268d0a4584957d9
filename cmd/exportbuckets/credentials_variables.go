package main

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// variables are settings by the names of their environment variables (see client.FromEnv).
type variables map[string]string

// variableSources are variables from several sources. Each group of variables is taken from the
// first source that has one of them, so that a pair never mixes two sources.
type variableSources []variables

// variableGroup is a group of variables that belong together.
type variableGroup int

const (
	otherVariable variableGroup = iota
	credentialVariable
	projectVariable
	addressVariable
)

// groupOf returns the group of a variable by the end of its name; the beginnings are those
// that the Atlas CLI uses.
func groupOf(name string) variableGroup {
	rest, ours := strings.CutPrefix(name, "MONGODB_ATLAS_")
	if !ours {
		if rest, ours = strings.CutPrefix(name, "MCLI_"); !ours {
			return otherVariable
		}
	}
	switch rest {
	case "ACCESS_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "PUBLIC_API_KEY", "PUBLIC_KEY", "PRIVATE_API_KEY", "PRIVATE_KEY":
		return credentialVariable
	case "PROJECT_ID":
		return projectVariable
	case "BASE_URL", "OPS_MANAGER_URL":
		return addressVariable
	}
	return otherVariable
}

// environment returns the environment variables of the process.
func environment() variables {
	v := variables{}
	for _, assignment := range os.Environ() {
		name, value, _ := strings.Cut(assignment, "=")
		v.set(name, value)
	}
	return v
}

// set stores a variable if its name is known.
func (v variables) set(name, value string) {
	if groupOf(name) != otherVariable && value != "" {
		v[name] = value
	}
}

// has reports whether a variable of the group is set.
func (v variables) has(group variableGroup) bool {
	for name, value := range v {
		if value != "" && groupOf(name) == group {
			return true
		}
	}
	return false
}

// lookup returns the value of a variable, as client.FromLookup needs it.
func (s variableSources) lookup(name string) string {
	group := groupOf(name)
	for _, v := range s {
		if v.has(group) {
			return v[name]
		}
	}
	return ""
}

// secrets returns the texts that must not be shown, the longest first: the values
// themselves and the HTTP Basic encoding of a pair.
func (s variableSources) secrets() []string {
	var names, out []string
	for _, v := range s {
		for name, value := range v {
			switch isName := strings.HasSuffix(name, "_CLIENT_ID") || strings.HasSuffix(name, "_PUBLIC_API_KEY") || strings.HasSuffix(name, "_PUBLIC_KEY"); {
			case groupOf(name) != credentialVariable || value == "":
			case isName:
				names = append(names, value)
			default:
				out = append(out, value)
			}
		}
	}
	for _, secret := range out {
		for _, name := range names {
			out = append(out, base64.StdEncoding.EncodeToString([]byte(name+":"+secret)))
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return out
}

// maxVariables bounds a file of variables, in bytes.
const maxVariables = 1 << 20

// readVariables reads a file of NAME=VALUE lines, or standard input for "-". It also
// returns the name of the source for messages. The file must contain credentials.
func readVariables(name string, term *terminal) (variables, string, error) {
	origin, in := name, term.in
	if name == "-" {
		origin = "standard input"
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, "", fmt.Errorf("the credentials file: %w", err)
		}
		defer func() { _ = file.Close() }()
		warnIfShared(file, term)
		in = file
	}
	data, err := limits.New(limits.Limits{Bytes: maxVariables}).ReadAll(in)
	if err != nil {
		return nil, "", fmt.Errorf("the credentials file %s: %w", origin, err)
	}
	v, err := parseVariables(origin, string(data))
	if err == nil && !v.has(credentialVariable) {
		err = fmt.Errorf("%s has no credentials: it needs lines such as MONGODB_ATLAS_CLIENT_ID=… and MONGODB_ATLAS_CLIENT_SECRET=…; see `exportbuckets help credentials`", origin)
	}
	return v, origin, err
}

// warnIfShared prints a warning about a file that every user of the machine can read.
func warnIfShared(file *os.File, term *terminal) {
	info, err := file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o004 != 0 {
		fmt.Fprintf(term.err, "note: every user of this machine can read %s; restrict it with chmod 600\n", file.Name())
	}
}

// parseVariables reads NAME=VALUE lines as in shell scripts and .env files, with quotes,
// comments and "export" before a name. Unknown names are ignored. Errors name the line
// and never a value.
func parseVariables(origin, text string) (variables, error) {
	v := variables{}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "export ")), "=")
		if !ok {
			return nil, fmt.Errorf("%s:%d: not a NAME=VALUE line", origin, number)
		}
		value, err := unquote(strings.TrimSpace(value))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", origin, number, err)
		}
		v.set(strings.TrimSpace(name), value)
	}
	return v, nil
}

var errOpenQuote = errors.New("a quote is not closed")

// unquote removes quotes, backslashes and a trailing comment as a POSIX shell does. It
// expands no variables.
func unquote(s string) (string, error) {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && c == '#' && i > 0 && (s[i-1] == ' ' || s[i-1] == '\t'):
			return strings.TrimRight(b.String(), " \t"), nil
		case c == '\\' && quote != '\'' && i+1 < len(s) && (quote == 0 || strings.IndexByte("\"\\$`", s[i+1]) >= 0):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	if quote != 0 {
		return "", errOpenQuote
	}
	return b.String(), nil
}
