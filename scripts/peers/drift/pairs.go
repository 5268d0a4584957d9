package main

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
)

// pair is a specification before and after a change, by their paths below data/.
type pair struct{ base, revision string }

// namings are the ways in which oasdiff's test data names the two specifications of a pair:
// the second name is the first one with a part of it replaced.
var namings = []struct {
	base     *regexp.Regexp
	revision string
}{
	{regexp.MustCompile(`(^|[^a-z])base([^a-z]|$)`), "${1}revision${2}"},
	{regexp.MustCompile(`(^|[^a-z])base([^a-z]|$)`), "${1}modified${2}"},
	{regexp.MustCompile(`(^|[^a-z])old([^a-z]|$)`), "${1}new${2}"},
	{regexp.MustCompile(`1(\.\w+)$`), "2${1}"},
}

var specName = regexp.MustCompile(`\.(ya?ml|json)$`)

// specFiles lists the YAML and JSON files below a folder.
func specFiles(data string) ([]string, error) {
	var files []string
	err := fs.WalkDir(os.DirFS(data), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && specName.MatchString(name) {
			files = append(files, path.Clean(name))
		}
		return err
	})
	return files, err
}

// pairUp returns the pairs among the files. A file is the base of at most one pair, given
// by the first naming under which the other file exists.
func pairUp(files []string) []pair {
	var pairs []pair
	for _, base := range files {
		for _, naming := range namings {
			revision := naming.base.ReplaceAllString(base, naming.revision)
			if revision != base && slices.Contains(files, revision) {
				pairs = append(pairs, pair{base, revision})
				break
			}
		}
	}
	return pairs
}
