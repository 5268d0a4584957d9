package notation

import (
	"net/url"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// absolutePaths moves the path of the servers' addresses into the paths.
func absolutePaths(root *yaml.Node) {
	servers := tree.Items(tree.Get(root, "servers"))
	if len(servers) == 0 {
		return
	}
	u, err := url.Parse(tree.Text(tree.Get(servers[0], "url")))
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return
	}
	if hasOwnServers(root) {
		return
	}
	prefix := strings.TrimRight(u.Path, "/")
	for _, server := range servers {
		if address := tree.Get(server, "url"); address != nil {
			address.Value = strings.TrimSuffix(strings.TrimRight(address.Value, "/"), prefix)
		}
	}
	paths := tree.Get(root, "paths")
	for i := 0; paths != nil && i+1 < len(paths.Content); i += 2 {
		paths.Content[i].Value = prefix + paths.Content[i].Value
	}
}

// hasOwnServers tells whether a path or an operation names servers of its own.
func hasOwnServers(root *yaml.Node) bool {
	for _, item := range tree.Pairs(tree.Get(root, "paths")) {
		if tree.Get(item, "servers") != nil {
			return true
		}
		for _, op := range tree.Pairs(item) {
			if tree.Get(op, "servers") != nil {
				return true
			}
		}
	}
	return false
}

// renamePaths gives paths that differ from the contract's in the names of their
// parameters alone the contract's names.
func renamePaths(root, contract *yaml.Node) {
	own := tree.Get(root, "paths")
	for want := range tree.Pairs(tree.Get(contract, "paths")) {
		if tree.Get(own, want) != nil {
			continue
		}
		for i := 0; own != nil && i+1 < len(own.Content); i += 2 {
			path := own.Content[i]
			if shape.Key("", path.Value, nil) == shape.Key("", want, nil) {
				renameParameters(root, own.Content[i+1], path.Value, want)
				path.Value = want
			}
		}
	}
}

func renameParameters(root, item *yaml.Node, from, to string) {
	names := make(map[string]string)
	olds, news := braced(from), braced(to)
	for i := range min(len(olds), len(news)) {
		names[olds[i]] = news[i]
	}
	for _, holder := range append([]*yaml.Node{item}, item.Content...) {
		for _, p := range tree.Items(tree.Get(holder, "parameters")) {
			if ref := tree.Text(tree.Get(p, "$ref")); ref != "" {
				p = tree.Resolve(root, tree.ComponentPointer(ref))
			}
			name := tree.Get(p, "name")
			if tree.Text(tree.Get(p, "in")) == "path" && name != nil && names[name.Value] != "" {
				name.Value = names[name.Value]
			}
		}
	}
}

// braced lists the parameters of a path in their order.
func braced(path string) []string {
	var names []string
	for {
		_, rest, found := strings.Cut(path, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return names
		}
		names = append(names, name)
		path = after
	}
}
