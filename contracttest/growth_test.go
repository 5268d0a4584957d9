package contracttest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// repeated writes a text n times, with its number for %d.
func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "%d", strconv.Itoa(i)))
	}
	return b.String()
}

// TestVerifyGrowth checks that a whole verification allocates in proportion to the
// recordings and to the specification.
func TestVerifyGrowth(t *testing.T) {
	slowtest.Skip(t)
	const head = "GET /api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets"
	const response = "HTTP/1.1 200 OK\nContent-Type: " + atlas2024 + "\n"
	request := head + " HTTP/1.1\nHost: cloud.mongodb.com\nAccept: " + atlas2024 + "\n\n"
	for name, text := range map[string]func(n int) string{
		"exchanges": func(n int) string { return repeated(n/10, request+response+"\n{\"results\":[]}\n") },
		"findings": func(n int) string {
			return request + response + "\n{\"results\":[]," + repeated(n, `"m%d":1,`) + "\"totalCount\":0}\n"
		},
		"headers": func(n int) string { return request + response + repeated(n/3, "X-%d: v\n") + "\n{\"results\":[]}\n" },
		"parameters": func(n int) string {
			return head + "?" + repeated(n, "p%d=1&") + " HTTP/1.1\nHost: h\n\n" + response + "\n{\"results\":[]}\n"
		},
		"statuses": func(n int) string { return repeated(n/10, request+"HTTP/1.1 418 No\n\n\n") },
	} {
		limitstest.MemoryGrowth(t, name, 1000, text, func(text string) {
			if _, err := Verify(fstest.MapFS{"a.http": {Data: []byte(text)}}, Options{Workers: 1}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	const exchange = "GET /a HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{}\n"
	specHead := "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {operationId: a, responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}}\n"
	for name, spec := range map[string]func(n int) string{
		"properties": func(n int) string {
			return "components: {schemas: {S0: {properties: {" + repeated(n, "p%d: {type: string},") + "}}}}"
		},
		"values": func(n int) string {
			return "components: {schemas: {S0: {properties: {p: {enum: [" + repeated(n, "v%d,") + "]}}}}}"
		},
		"references": func(n int) string {
			chain := "components:\n  schemas:\n    S0: {$ref: '#/components/schemas/S1'}\n"
			for i := 1; i < n/10; i++ {
				chain += fmt.Sprintf("    S%d: {$ref: '#/components/schemas/S%d'}\n", i, i+1)
			}
			return chain + fmt.Sprintf("    S%d: {type: object}\n", max(1, n/10))
		},
		"operations": func(n int) string {
			return repeated(n, "  /p%d: {get: {operationId: o%d, responses: {'200': {description: OK}}}}\n") + "components: {schemas: {S0: {type: object}}}\n"
		},
	} {
		limitstest.MemoryGrowth(t, name, 1000, func(n int) string { return specHead + spec(n) }, func(text string) {
			_, err := Verify(fstest.MapFS{"a.http": {Data: []byte(exchange)}}, Options{Spec: []byte(text), Workers: 1})
			if err != nil && name != "references" {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

// growthTests name the test of each exported function that takes untrusted text, or the
// reason why there is none.
var growthTests = map[string]string{
	".Run":                               "TestVerifyGrowth", // as Verify
	".Verify":                            "TestVerifyGrowth",
	"internal/recording.InFS":            "TestGrowth",
	"internal/recording.NewReader":       "TestGrowth",
	"internal/recording.Each":            "TestGrowth",
	"internal/recording.Input.WithStdin": "TestGrowth", // as a file
	"internal/schema.Schema.Check":       "TestGrowth",
	"internal/jsonscan.NewCursor":        "TestGrowth",
	"internal/jsonscan.NewStream":        "TestGrowth",
	"internal/scrub.Scrubber.Body":       "TestGrowth",
	"internal/coding.Decode":             "TestBound",
	"internal/contract.Foreign":          "-the specifications of TestVerifyGrowth",
	"internal/secrets.InText":            "-one pass of package regexp, which takes linear time",
	"internal/jsonscan.Stream.Value":     "-its text is the Stream's, the argument a buffer",

	"internal/schema.Schema.CheckEnveloped": "TestGrowth",
	"internal/jsonscan.Cursor.Append":       "-its text is the Cursor's, the argument a buffer",
}

// TestReadersHaveGrowthTests checks that each exported function and method of this folder
// that takes text from outside is in the list above.
func TestReadersHaveGrowthTests(t *testing.T) {
	tests := testNames(t)
	for name := range exportedReaders(t) {
		test, listed := growthTests[name]
		pkg, _, _ := strings.Cut(name, ".")
		switch {
		case !listed:
			t.Errorf("%s reads text from outside: test how its cost grows with limitstest, and list the test in growthTests", name)
		case !strings.HasPrefix(test, "-") && !tests[pkg+"."+test]:
			t.Errorf("%s: there is no test %s in its package", name, test)
		}
	}
}

// readerType matches the types of parameters that carry text from outside.
var readerType = regexp.MustCompile(`^(?:\[\]byte|io\.Reader|fs\.FS|\*bufio\.Reader|Input)$`)

// exportedReaders are the exported functions and methods with such a parameter.
func exportedReaders(t *testing.T) map[string]bool {
	readers := map[string]bool{}
	eachFile(t, func(dir string, file *ast.File) {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || dir == "fakeatlas" || strings.HasPrefix(dir, "fakeatlas/") {
				continue
			}
			name := dir + "."
			if f.Recv != nil {
				receiver := strings.TrimPrefix(types.ExprString(f.Recv.List[0].Type), "*")
				if !ast.IsExported(receiver) {
					continue
				}
				name += receiver + "."
			}
			for _, p := range f.Type.Params.List {
				if readerType.MatchString(types.ExprString(p.Type)) {
					readers[name+f.Name.Name] = true
				}
			}
		}
	}, func(name string) bool { return !strings.HasSuffix(name, "_test.go") })
	if len(readers) < 10 {
		t.Fatalf("only %d readers were found", len(readers))
	}
	return readers
}

// testNames are the tests of each package, as "folder.TestName".
func testNames(t *testing.T) map[string]bool {
	names := map[string]bool{}
	eachFile(t, func(dir string, file *ast.File) {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				names[dir+"."+f.Name.Name] = true
			}
		}
	}, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	return names
}

// eachFile parses the Go files of this folder and of those below it. dir is "" for this one.
func eachFile(t *testing.T, use func(dir string, file *ast.File), wanted func(name string) bool) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || !wanted(path) {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err == nil {
			use(strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "."), file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
