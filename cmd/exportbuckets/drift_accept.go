package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift"
)

// acceptFlags are the flags about accepted changes.
type acceptFlags struct {
	file      string
	writeFile string
	reason    string
	expires   string

	write bool
}

// acceptFileDefault is the value of --write-accept without an argument.
const acceptFileDefault = "the file of --accept"

// acceptedFor is how long written acceptances are valid, in days, without --expires.
const acceptedFor = 90

func (a *acceptFlags) register(f *pflag.FlagSet) {
	f.StringVar(&a.file, "accept", "", "file of accepted changes, which do not affect the verdict")
	f.StringVar(&a.writeFile, "write-accept", "", "accept all changes of this run and write them to a `FILE` (default the file of --accept)")
	f.Lookup("write-accept").NoOptDefVal = acceptFileDefault
	f.StringVar(&a.reason, "reason", "", "reason to accept the changes; used with --write-accept")
	f.StringVar(&a.expires, "expires", "", "last day the changes stay accepted: YYYY-MM-DD or \"never\"; used with --write-accept (default in 90 days)")
}

// check sets the file to write. It may be an argument, because a flag with an optional
// value takes that value only after an equals sign.
func (a *acceptFlags) check(args []string, today time.Time) error {
	a.write = a.writeFile != ""
	switch {
	case len(args) > 1 || len(args) > 0 && a.writeFile != acceptFileDefault:
		return fmt.Errorf("%q: drift takes no arguments; name the specification with --upstream", args[len(args)-1])
	case len(args) > 0:
		a.writeFile = args[0]
	case a.writeFile == acceptFileDefault && a.file == "":
		return errors.New("--write-accept: name the file to write, here or with --accept")
	case a.writeFile == acceptFileDefault:
		a.writeFile = a.file
	case !a.write && (a.reason != "" || a.expires != ""):
		return errors.New("--reason and --expires need --write-accept")
	}
	if a.reason == "" {
		a.reason = "accepted on " + today.Format(time.DateOnly) + " without a reason; write it here"
	}
	switch a.expires {
	case "":
		a.expires = today.AddDate(0, 0, acceptedFor).Format(time.DateOnly)
	case "never":
		a.expires = ""
	default:
		if _, err := time.Parse(time.DateOnly, a.expires); err != nil {
			return fmt.Errorf("--expires %q is not a date: use YYYY-MM-DD, or never", a.expires)
		}
	}
	return nil
}

// read reads the file of accepted changes. A file that this run writes need not exist.
func (a *acceptFlags) read() (*drift.Acceptances, error) {
	name := a.file
	if name == "" && a.write {
		name = a.writeFile
	}
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && a.write:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("--accept: %w", err)
	}
	defer f.Close()
	return drift.ReadAcceptances(name, f)
}

// save writes acceptances of all reported changes.
func (a *acceptFlags) save(stderr io.Writer, r *drift.Report) (*drift.Acceptances, error) {
	all := r.Accept(a.reason, a.expires)
	data, err := all.Encode()
	if err != nil {
		return nil, err
	}
	if err := atomicfile.Write(a.writeFile, data, 0o644); err != nil {
		return nil, fmt.Errorf("--write-accept: %w", err)
	}
	fmt.Fprintf(stderr, "wrote %d acceptances to %s\n", len(all.Accepted), a.writeFile)
	return all, nil
}
