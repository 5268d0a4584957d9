package gonames

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

const module = "../../../.."

// exported returns the exported types of a package of this module, with their fields and
// methods.
func exported(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	files, err := filepath.Glob(filepath.Join(module, filepath.FromSlash(pkg), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Go files in %s: %v", pkg, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				names[n.Name.Name] = true
				if s, ok := n.Type.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						for _, id := range field.Names {
							names[n.Name.Name+"."+id.Name] = true
						}
					}
				}
			case *ast.FuncDecl:
				if n.Recv != nil {
					names[receiver(n.Recv.List[0].Type)+"."+n.Name.Name] = true
				}
			}
			return true
		})
	}
	return names
}

func receiver(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func TestEveryNameExists(t *testing.T) {
	code := make(map[string]map[string]bool)
	for _, version := range openapi.Versions() {
		code[Package(version)] = exported(t, Package(version))
	}
	code["client"] = exported(t, "client")
	check := func(where string, names []string) {
		for _, name := range names {
			dir, base := path.Split(name)
			pkg, rest, _ := strings.Cut(base, ".")
			if !code[dir+pkg][rest] {
				t.Errorf("%s: %s does not exist", where, name)
			}
		}
	}
	for _, version := range openapi.Versions() {
		source, err := openapi.Source(version)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := oas.ParseBytes(version, source)
		if err != nil {
			t.Fatal(err)
		}
		for name, node := range oas.Pairs(oas.At(doc.Root(), "components", "schemas")) {
			at := oas.Join("/components/schemas", name)
			names := Of(doc.Root(), Place{Version: version, Pointer: at + "/type"})
			if len(names) == 0 {
				t.Errorf("%s %s: no name", version, at)
			}
			check(version+at, names)
			for property := range oas.Pairs(oas.Get(node, "properties")) {
				names := Of(doc.Root(), Place{Version: version, Pointer: oas.Join(at, "properties", property, "maxLength")})
				if len(names) == 0 {
					t.Errorf("%s %s/%s: no name", version, at, property)
				}
				check(version+at+"/"+property, names)
			}
		}
		ops, err := doc.Operations()
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range ops {
			names := Of(doc.Root(), Place{Version: version, Operation: op.ShortName, Pointer: "/paths/x/get"})
			if len(names) < 2 {
				t.Errorf("%s %s: names %v", version, op.ShortName, names)
			}
			check(version+" "+op.ShortName, names)
			for _, p := range oas.Items(oas.Get(op.Node(), "parameters")) {
				p, _, err := doc.Follow(p, "")
				if err != nil {
					t.Fatal(err)
				}
				place := Place{Version: version, Operation: op.ShortName, In: oas.Text(oas.Get(p, "in")), Parameter: oas.Text(oas.Get(p, "name"))}
				check(version+" "+op.ShortName+" "+place.Parameter, Of(doc.Root(), place))
			}
		}
	}
}

func TestNames(t *testing.T) {
	source, err := openapi.Source(openapi.V20240530)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := oas.ParseBytes("contract", source)
	if err != nil {
		t.Fatal(err)
	}
	const schemas = "/components/schemas/DiskBackupSnapshot"
	for _, test := range []struct {
		what string
		at   Place
		want []string
	}{
		{"a field of a request", Place{Pointer: schemas + "AWSExportBucketRequest/properties/iamRoleId/pattern"}, []string{"client.AWS.IAMRoleID", "gen/v20240530.AWSExportBucketRequest.IAMRoleID"}},
		{"a field of every response", Place{Pointer: schemas + "GCPExportBucketResponse/required/_id"}, []string{"client.ExportBucket.ID", "gen/v20240530.GCPExportBucket.ID"}},
		{"a field with its own type", Place{Pointer: schemas + "AzureExportBucketResponse/properties/cloudProvider/enum"}, []string{"client.CloudProvider", "client.ExportBucket.CloudProvider", "gen/v20240530.AzureExportBucket.CloudProvider", "gen/v20240530.AzureExportBucketCloudProvider"}},
		{"a branch of a union", Place{Pointer: schemas + "ExportBucketRequest/discriminator/mapping/GCP"}, []string{"client.Target", "gen/v20240530.ExportBucketRequest"}},
		{"a query parameter", Place{Operation: "listExportBuckets", In: "query", Parameter: "pageNum"}, []string{"client.ListOptions.PageNum", "gen/v20240530.ListExportBucketsParams.PageNum"}},
		{"an operation", Place{Operation: "createExportBucket", Pointer: "/paths/x/post/responses/200"}, []string{"client.Client.Create", "gen/v20240530.Client.CreateExportBucketWithBody"}},
		{"a new schema", Place{Operation: "getExportBucket", Pointer: "/components/schemas/New/type"}, []string{"client.Client.Get", "gen/v20240530.Client.GetExportBucket"}},
		{"the schemas", Place{Operation: "getExportBucket", Pointer: "/components/schemas"}, []string{"client.Client.Get", "gen/v20240530.Client.GetExportBucket"}},
		{"an operation that is not ours", Place{Operation: "listClusters", Pointer: "/paths/x/get"}, nil},
	} {
		test.at.Version = openapi.V20240530
		if got := Of(doc.Root(), test.at); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.what, got, test.want)
		}
	}
}
