package exportbuckets_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// growthTests contains the test of each exported function that takes untrusted text, or
// after a "-" the reason why there is none.
var growthTests = map[string]string{
	"client.ExportBucket.UnmarshalJSON":                  "TestGrowth",
	"client.ParseTarget":                                 "TestGrowth",
	"client/internal/tokenauth.TokensIn":                 "TestTokensInGrowth",
	"contracttest.Run":                                   "TestVerifyGrowth", // as Verify
	"contracttest.Verify":                                "TestVerifyGrowth",
	"contracttest/fakeatlas.State":                       "TestStateGrowth",
	"contracttest/internal/coding.Decode":                "TestBound",
	"contracttest/internal/contract.Foreign":             "-the specifications of TestVerifyGrowth",
	"contracttest/internal/jsonscan.Cursor.Append":       "-its text is the Cursor's, the argument a buffer",
	"contracttest/internal/jsonscan.NewCursor":           "TestGrowth",
	"contracttest/internal/jsonscan.NewStream":           "TestGrowth",
	"contracttest/internal/jsonscan.Stream.Value":        "-its text is the Stream's, the argument a buffer",
	"contracttest/internal/recording.InFS":               "TestGrowth",
	"contracttest/internal/recording.Input.WithStdin":    "TestGrowth", // as a file
	"contracttest/internal/recording.NewReader":          "TestGrowth",
	"contracttest/internal/schema.Schema.Check":          "TestGrowth",
	"contracttest/internal/schema.Schema.CheckEnveloped": "TestGrowth",
	"contracttest/internal/scrub.Scrubber.Body":          "TestGrowth",
	"contracttest/internal/secrets.InText":               "-one pass of package regexp, which takes linear time",
	"internal/atlasprofile.Parse":                        "TestGrowth",
	"internal/codegen.IsGenerated":                       "-one pass of package regexp, which takes linear time",
	"internal/codegen.LargeEnums":                        "TestGrowth",
	"internal/codegen.OtherFiles":                        "TestSplitGrowth",
	"internal/codegen.Split":                             "TestSplitGrowth",
	"internal/limits.Budget.ReadAll":                     "-it is the bound",
	"internal/oas.Parse":                                 "TestParsingGrowsLinearly",
	"internal/oas.ParseBytes":                            "TestParsingGrowsLinearly",
	"internal/oas.ParseContext":                          "TestParsingGrowsLinearly",
	"internal/pipeline.Overlaid":                         "TestOverlayGrowth",
	"internal/pipeline.ParseRecipe":                      "TestRecipeGrowth",
	"openapi/drift.ReadAcceptances":                      "TestAcceptanceFilesAreBounded",

	"internal/atomicfile.Write":        "-it writes",
	"internal/atomicfile.WritePrivate": "-it writes",
	"internal/golden.Check":            "-for tests",
}

// TestReadersHaveGrowthTests checks that each exported function and method that takes
// untrusted text is in the list above, with a test in its package.
func TestReadersHaveGrowthTests(t *testing.T) {
	readers, tests := exportedReaders(t)
	if len(readers) < 30 {
		t.Fatalf("only %d readers were found", len(readers))
	}
	for _, name := range readers {
		test, listed := growthTests[name]
		pkg, _, _ := strings.Cut(name, ".")
		switch {
		case !listed:
			t.Errorf("%s takes untrusted text: test how its cost grows with limitstest, and list the test in growthTests", name)
		case !strings.HasPrefix(test, "-") && !tests[pkg+"."+test]:
			t.Errorf("%s: there is no test %s in its package", name, test)
		}
	}
	for name := range growthTests {
		if !slices.Contains(readers, name) {
			t.Errorf("%s is no longer a reader: remove it from growthTests", name)
		}
	}
}

// readerType matches the types of parameters that contain untrusted text.
var readerType = regexp.MustCompile(`^(?:\[\]byte|io\.Reader|fs\.FS|\*bufio\.Reader|Input)$`)

// exportedReaders returns the exported functions and methods with such a parameter, as
// "folder.Name", and the functions of test files.
func exportedReaders(t *testing.T) (readers []string, tests map[string]bool) {
	t.Helper()
	tests = make(map[string]bool)
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "testdata" || path == "scripts" || path == "examples" || path == "gen" || path == "cmd" || path != "." && strings.HasPrefix(name, ".")):
			return fs.SkipDir // programs, generated code and data
		case entry.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			name := filepath.ToSlash(filepath.Dir(path)) + "."
			switch {
			case !ok:
			case strings.HasSuffix(path, "_test.go"):
				tests[name+f.Name.Name] = true
			case isReader(f):
				readers = append(readers, name+receiver(f)+f.Name.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return readers, tests
}

// isReader reports whether a function is exported and takes untrusted text.
func isReader(f *ast.FuncDecl) bool {
	if !f.Name.IsExported() || f.Recv != nil && !ast.IsExported(receiver(f)) {
		return false
	}
	return slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool { return readerType.MatchString(types.ExprString(p.Type)) })
}

// receiver returns the name of a method's type with a dot, "" for a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	return strings.TrimPrefix(types.ExprString(f.Recv.List[0].Type), "*") + "."
}
