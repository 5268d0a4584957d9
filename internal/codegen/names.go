package codegen

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

const goName = "x-go-name"

// prepareNames changes names of the document for the generator, which writes them into Go
// code unchanged:
//
//   - a path with a quote, a backslash or a control character is refused, and a
//     percent sign is doubled, because the path becomes a format of fmt.Sprintf;
//   - a path parameter that would hide a name used in the generated function gets the
//     suffix Param;
//   - an enum value that is not ASCII gets its characters as U and their code points; if
//     two values differ only in case or punctuation, the second gets a number.
func prepareNames(root *oas.Node) error {
	paths := oas.Get(root, "paths")
	for i := 0; paths != nil && i+1 < len(paths.Content); i += 2 {
		key := paths.Content[i]
		if strings.ContainsFunc(key.Value, func(r rune) bool { return r == '"' || r == '\\' || unicode.IsControl(r) }) {
			return fmt.Errorf("the path %q has a quote, a backslash or a control character, which cannot be in a URL", key.Value)
		}
		key.Value = escapePercent(key.Value)
	}
	oas.Objects(root, func(n *oas.Node) {
		renameHiding(n)
		nameEnum(n)
		dropInvalidGoName(n)
	})
	return nil
}

func escapePercent(path string) string { return strings.ReplaceAll(path, "%", "%%") }

// reservedNames contains the names in generated functions that take path parameters: their
// other parameters and variables, the packages, and Go's predeclared identifiers.
var reservedNames = []string{
	"c", "ctx", "params", "contenttype", "body", "reqeditors", "server", "req", "rsp", "err", "queryurl", "serverurl", "operationpath",
	"bodyreader", "buf", "queryvalues", "queryfrag", "parsed", "k", "v", "v2",
	"bytes", "context", "json", "errors", "fmt", "io", "mime", "multipart", "http", "url", "strings", "time", "runtime", "openapi_types",
	"error", "string", "nil", "len", "new", "true", "false", "append", "bool", "int", "byte", "any", "make", "delete",
}

func renameHiding(n *oas.Node) {
	name := oas.Get(n, "name")
	if in := oas.Get(n, "in"); in == nil || in.Value != "path" || name == nil || oas.Get(n, goName) != nil {
		return
	}
	if slices.Contains(reservedNames, strings.ToLower(name.Value)) || strings.HasPrefix(strings.ToLower(name.Value), "pathparam") {
		setGoName(n, strings.ToUpper(name.Value[:1])+name.Value[1:]+"Param")
	}
}

// nameEnum sets Go names for values of an enum to which the generator would give the same
// name.
func nameEnum(n *oas.Node) {
	enum := oas.Get(n, "enum")
	if enum == nil || enum.Kind != yaml.SequenceNode || oas.Get(n, "x-enum-varnames") != nil {
		return
	}
	taken := make(map[string]bool)
	names := &oas.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	plain := true
	for _, item := range enum.Content {
		if item.Kind != yaml.ScalarNode || item.ShortTag() != "!!str" {
			return
		}
		name := asciiName(item.Value)
		if base := name; taken[lettersAndDigits(base)] {
			for i := 2; taken[lettersAndDigits(name)]; i++ {
				name = base + "_" + strconv.Itoa(i)
			}
			plain = false
		}
		plain = plain && name == item.Value
		taken[lettersAndDigits(name)] = true
		names.Content = append(names.Content, oas.String(name))
	}
	if !plain {
		oas.Set(n, "x-enum-varnames", names)
	}
}

// LargeEnum is the number of values above which an enum is large.
const LargeEnum = 100

// LargeEnums counts the large enums of a document, and the values of the largest.
func LargeEnums(document []byte) (enums, largest int) {
	var root oas.Node
	if yaml.Unmarshal(document, &root) != nil || len(root.Content) == 0 {
		return 0, 0
	}
	oas.Objects(root.Content[0], func(n *oas.Node) {
		if enum := oas.Get(n, "enum"); enum != nil && len(enum.Content) > LargeEnum {
			enums++
			largest = max(largest, len(enum.Content))
		}
	})
	return enums, largest
}

// asciiName replaces non-ASCII characters by their code points: U65E5 for 日.
func asciiName(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r > unicode.MaxASCII {
			fmt.Fprintf(&b, "_U%04X", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// lettersAndDigits returns a name in lower case and without punctuation, because generated Go
// names preserve neither case nor punctuation.
func lettersAndDigits(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// dropInvalidGoName drops an x-go-name that is not an exported Go name.
func dropInvalidGoName(n *oas.Node) {
	if name := oas.Get(n, goName); name != nil && (!token.IsIdentifier(name.Value) || !token.IsExported(name.Value)) {
		oas.Remove(n, goName)
	}
}

// applyRename gives the second name of a clash another Go name wherever both names occur
// together. It reports whether it found them.
func applyRename(root *oas.Node, c clash) bool {
	found := false
	oas.Objects(root, func(n *oas.Node) {
		if p := oas.Get(n, "properties"); oas.Get(p, c.first) != nil && oas.Get(p, c.second) != nil {
			setGoName(oas.Get(p, c.second), c.rename)
			found = true
		}
		first, second := parameterNamed(root, n, c.first), parameterNamed(root, n, c.second)
		if first != nil && second != nil {
			setGoName(second, c.rename)
			found = true
		}
	})
	return found
}

// parameterNamed returns the parameter of an operation that is not in its path.
func parameterNamed(root, operation *oas.Node, name string) *oas.Node {
	list := oas.Get(operation, "parameters")
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	for _, p := range list.Content {
		if ref := oas.Get(p, "$ref"); ref != nil {
			p = oas.Get(oas.Get(oas.Get(root, "components"), "parameters"), strings.TrimPrefix(ref.Value, "#/components/parameters/"))
		}
		if n, in := oas.Get(p, "name"), oas.Get(p, "in"); n != nil && n.Value == name && in != nil && in.Value != "path" {
			return p
		}
	}
	return nil
}

func setGoName(n *oas.Node, name string) { oas.Set(n, goName, oas.String(name)) }

var duplicateType = regexp.MustCompile(`duplicate typename '(\w+)'`)

// explain adds to the generator's error the places of the document that become the same Go
// name.
func explain(root *oas.Node, err error) error {
	m := duplicateType.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	return collision(root, m[1])
}

// redeclared returns an error if the package declares a name twice.
func redeclared(root *oas.Node, file *ast.File) error {
	count := declarations(file)
	for _, name := range slices.Sorted(maps.Keys(count)) {
		if count[name] > 1 {
			return collision(root, name)
		}
	}
	return nil
}

func collision(root *oas.Node, name string) error {
	return fmt.Errorf("two names of the document become %s in Go: %s\n  %s", name, strings.Join(places(root, name), " and "), howToRename)
}

// places finds the sources of a Go name: operations, components, and their properties and
// parameters, whose joined names have its letters.
func places(root *oas.Node, name string) []string {
	var found []string
	_, name, _ = cut(name, ".")
	match := func(what string, parts ...string) {
		if strings.HasPrefix(lettersAndDigits(name), lettersAndDigits(strings.Join(parts, ""))) && len(parts) > 0 && lettersAndDigits(strings.Join(parts, "")) != "" {
			found = append(found, what+" "+strings.Join(parts, "."))
		}
	}
	for _, op := range operationNodes(root) {
		if id := oas.Get(op, "operationId"); id != nil {
			match("operation", id.Value)
		}
	}
	for section, members := range oas.Pairs(oas.Get(root, "components")) {
		for member, node := range oas.Pairs(members) {
			match(strings.TrimSuffix(section, "s"), member)
			for property := range oas.Pairs(oas.Get(node, "properties")) {
				match("property", member, property)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return len(b) - len(a) })
	return found[:min(len(found), 3)]
}

// cut splits the name of a method into those of its receiver and its method.
func cut(name, sep string) (receiver, method string, found bool) {
	if before, after, ok := strings.Cut(name, sep); ok {
		return before, after, true
	}
	return "", name, false
}
