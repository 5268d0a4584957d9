package main

import (
	"bytes"
	_ "embed"
	"maps"
	"slices"
	"strings"
	"text/template"
)

//go:embed page.md.tmpl
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"cell": cell,
	"needs": func(n needs) []string {
		packages := slices.Compact(slices.Sorted(maps.Values(n.Apt)))
		for i, name := range packages {
			packages[i] = "Debian: " + name
		}
		for _, name := range n.Npm {
			packages = append(packages, "npm: "+name)
		}
		for _, module := range n.Go {
			packages = append(packages, "Go: "+module)
		}
		return packages
	},
	"join":     strings.Join,
	"byReason": byReason,
}).Parse(pageText))

// cell escapes text for a cell of a Markdown table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(text)
}

// byReason groups known failures by reason, in the order in which the reasons first occur.
func byReason(stays []stay) [][]stay {
	var groups [][]stay
	at := make(map[string]int)
	for _, s := range stays {
		i, ok := at[s.Reason]
		if !ok {
			i = len(groups)
			at[s.Reason] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	return groups
}

// renderPage returns docs/peers.md. It depends only on the pins, which a passing run has
// just confirmed.
func renderPage(parts []*part) ([]byte, error) {
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, parts)
	return b.Bytes(), err
}
