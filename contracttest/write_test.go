package contracttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// TestWrite checks that a program can write a report in every format of the command.
func TestWrite(t *testing.T) {
	r, err := Verify(documentedFS(t, getGCP, `"bucketName":"ledger-archive"`, `"bucketName":"x"`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	marks := map[Format]string{
		Text: "error [schema/minLength]", JSON: `"rule": "schema"`, JUnit: "<failure", SARIF: `"ruleId": "schema`, GitHub: "::error file=",
		Markdown: "minLength", HTML: "<html",
	}
	for _, name := range report.Formats() {
		var b bytes.Buffer
		if err := r.Write(&b, Format(name)); err != nil || !strings.Contains(b.String(), marks[Format(name)]) || marks[Format(name)] == "" {
			t.Errorf("%s: %v\n%.300s", name, err, b.String())
		}
	}
	var b bytes.Buffer
	if err := r.Write(&b, "xml"); err == nil || !strings.Contains(err.Error(), "text, json") || b.Len() > 0 {
		t.Errorf("an unknown format: %v", err)
	}
	if got := r.Verdict(); got != "fail: 1 error in 1 exchange of 1 file" {
		t.Errorf("the verdict is %q", got)
	}
	var decoded Report
	if err := r.Write(&b, JSON); err != nil || json.Unmarshal(b.Bytes(), &decoded) != nil || decoded.Summary != r.Summary {
		t.Errorf("the JSON is not the report: %v, %+v", err, decoded.Summary)
	}
	if err := r.Write(failing{}, HTML); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a writer that fails: %v", err)
	}
}

// TestWriteToFile checks that CLICOLOR_FORCE adds colors to a report in a file, and not to
// one in memory, which never goes to a terminal.
func TestWriteToFile(t *testing.T) {
	t.Setenv("CLICOLOR_FORCE", "1")
	t.Setenv("NO_COLOR", "")
	r, err := Verify(documentedFS(t, getGCP), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var plain bytes.Buffer
	path := filepath.Join(t.TempDir(), "report")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.Write(&plain, Text), r.Write(file, Text), file.Close()); err != nil {
		t.Fatal(err)
	}
	colored, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(colored, []byte("\x1b[")) || bytes.Contains(plain.Bytes(), []byte("\x1b[")) {
		t.Errorf("%v: in a file %q, elsewhere %q", err, colored, plain.String())
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

// TestReadErrorType checks that the errors of unreadable recordings have the exported
// type.
func TestReadErrorType(t *testing.T) {
	_, err := Verify(fstest.MapFS{"cut.har": {Data: []byte(`{"log":{"entries":[{"request":`)}}, Options{})
	var re *ReadError
	if !errors.As(err, &re) || re.File != "cut.har" || re.Entry != 0 || re.Line != 1 || re.Unwrap() == nil || !strings.HasPrefix(re.Error(), "cut.har:1: entry 0: ") {
		t.Errorf("got %v, %+v", err, re)
	}
}

// internalType matches the packages that users cannot import.
var internalType = regexp.MustCompile(`\b(?:recording|report|contract|schema|oas|scrub|yaml|openapi3)\.[A-Z]`)

// TestNoInternalTypeIsPublic checks the exported declarations: a user must be able to name
// every type in them. Unexported fields do not count.
func TestNoInternalTypeIsPublic(t *testing.T) {
	count := 0
	eachFile(t, func(dir string, file *ast.File) {
		if dir != "" && dir != "fakeatlas" {
			return
		}
		for _, text := range exportedTypes(file) {
			count++
			if internalType.MatchString(text) {
				t.Errorf("%s: an exported declaration has the internal type %s", file.Name, text)
			}
		}
	}, func(name string) bool { return !strings.HasSuffix(name, "_test.go") })
	if count < 100 {
		t.Errorf("only %d types were checked", count)
	}
}

// exportedTypes lists the types in the exported declarations of a file.
func exportedTypes(file *ast.File) []string {
	var found []string
	add := func(list *ast.FieldList, all bool) {
		for _, f := range list.List {
			if all || len(f.Names) == 0 || f.Names[0].IsExported() {
				found = append(found, types.ExprString(f.Type))
			}
		}
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Name.IsExported() && (decl.Recv == nil || ast.IsExported(strings.TrimPrefix(types.ExprString(decl.Recv.List[0].Type), "*"))) {
				add(decl.Type.Params, true)
				if decl.Type.Results != nil {
					add(decl.Type.Results, true)
				}
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				named, ok := spec.(*ast.TypeSpec)
				if !ok || !named.Name.IsExported() {
					continue
				}
				if fields, isStruct := named.Type.(*ast.StructType); isStruct {
					add(fields.Fields, false)
					continue
				}
				found = append(found, types.ExprString(named.Type))
			}
		}
	}
	return found
}

// eachFile parses the Go files of this folder and its subfolders. dir is "" for this
// folder.
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
