package exportbuckets_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// documentedLimits are rows of docs/limits.md, by their beginnings, with the constants of
// their bounds: the file and the name of each.
var documentedLimits = map[string][][2]string{
	"the JSON values of such":          {{"client/values.go", "maxValues"}},
	"the header of a response":         {{"client/options.go", "maxHeaderBytes"}},
	"an entry of a recording":          {{"contracttest/internal/recording/limits.go", "MaxEntryBytes"}, {"contracttest/options.go", "maxSpecEntry"}},
	"the URL of a recorded request":    {{"contracttest/internal/recording/limits.go", "MaxURLBytes"}},
	"the head of a recorded message":   {{"contracttest/internal/recording/limits.go", "MaxHeadBytes"}},
	"header values, cookies":           {{"contracttest/internal/recording/limits.go", "MaxHeaders"}},
	"the method of a recorded request": {{"contracttest/internal/recording/head.go", "maxMethodBytes"}},
	"YAML values of a cassette":        {{"contracttest/internal/recording/limits.go", "maxEntryNodes"}},
	"responses to one request":         {{"contracttest/internal/recording/limits.go", "MaxResponses"}},
	"content codings":                  {{"contracttest/internal/coding/coding.go", "maxCodings"}},
	"JSON values of a body that":       {{"contracttest/internal/contract/load.go", "embeddedValues"}, {"contracttest/internal/schema/check.go", "MaxValues"}},
	"a key in such a body":             {{"contracttest/internal/schema/parse.go", "maxKey"}},
	"a body in which `verify`":         {{"contracttest/internal/schema/check.go", "maxFullBytes"}, {"contracttest/internal/schema/check.go", "maxFullValues"}},
	"schema errors of one kind":        {{"contracttest/internal/schema/check.go", "maxFailures"}},
	"nesting of JSON":                  {{"contracttest/internal/jsonscan/stream.go", "MaxDepth"}},
	"files in one run":                 {{"contracttest/internal/recording/limits.go", "MaxFiles"}},
	"unreadable entries":               {{"contracttest/internal/recording/limits.go", "MaxEntryErrors"}},
	"different findings":               {{"contracttest/group.go", "maxFindings"}, {"contracttest/group.go", "maxFindingText"}},
	"findings in one exchange":         {{"contracttest/group.go", "maxExchangeFindings"}, {"contracttest/group.go", "maxExchangeText"}},
	"texts of a finding":               {{"contracttest/validate.go", "maxExpected"}, {"contracttest/validate.go", "maxText"}, {"contracttest/validate.go", "maxName"}},
	"a curl command":                   {{"contracttest/curl.go", "maxCurl"}},
	"memory of `verify` without":       {{"cmd/exportbuckets/verify.go", "verifyMemory"}},
	"what the recorder takes":          {{"contracttest/recorder_spec.go", "maxVocabularyWork"}},
	"a body that the recorder keeps":   {{"contracttest/recorder_exchange.go", "maxRecordedBody"}},
	"a recording that the recorder":    {{"contracttest/recorder.go", "maxTape"}},
	"a specification (":                {{"internal/oas/document.go", "MaxBytes"}, {"internal/oas/expand.go", "aliasCost"}},
	"schemas of one specification":     {{"internal/oas/reader.go", "maxSchemas"}},
	"branches of a union":              {{"internal/oas/union.go", "maxBranches"}},
	"an OpenAPI Overlay":               {{"internal/pipeline/overlay_apply.go", "MaxOverlayBytes"}, {"internal/pipeline/overlay_apply.go", "maxOverlayKeys"}, {"internal/pipeline/overlay_apply.go", "maxOverlayNodes"}, {"internal/pipeline/overlay_apply.go", "maxOverlayWork"}},
	"the Atlas CLI's file":             {{"internal/atlasprofile/atlasprofile.go", "maxFile"}},
	"a file of accepted changes":       {{"openapi/drift/accept_file.go", "maxAcceptBytes"}, {"openapi/drift/accept_file.go", "maxAcceptNodes"}},
}

// TestLimitsPage checks that docs/limits.md contains the bounds in the code.
func TestLimitsPage(t *testing.T) {
	page, err := os.ReadFile("docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	for begin, constants := range documentedLimits {
		_, row, found := strings.Cut(string(page), "\n| "+begin)
		if !found {
			t.Errorf("docs/limits.md has no row that begins with %q", begin)
			continue
		}
		row, _, _ = strings.Cut(row, "\n")
		for _, c := range constants {
			value := constantOf(t, c[0], c[1])
			number := regexp.MustCompile(`(?:^|[^\d,])` + regexp.QuoteMeta(value) + `(?:$|[^\d,]|,\D)`)
			if !number.MatchString(row) {
				t.Errorf("%s: %s in %s is %s, docs/limits.md states %q", begin, c[1], c[0], value, row)
			}
		}
	}
}

// constantOf returns the value of an integer constant of a file in the form used on the
// page.
func constantOf(t *testing.T, file, name string) string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var value int64
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 && spec.Names[0].Name == name {
			result, err := types.Eval(token.NewFileSet(), nil, token.NoPos, types.ExprString(spec.Values[0]))
			if err != nil {
				t.Fatal(err)
			}
			value, _ = constant.Int64Val(result.Value)
		}
		return true
	})
	if value == 0 {
		t.Fatalf("%s has no constant %s", file, name)
	}
	return inWords(value)
}

// inWords writes a number with its binary unit, or with commas between groups of three digits.
func inWords(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprint(n>>20, " MiB")
	case n >= 16<<10 && n%(1<<10) == 0:
		return fmt.Sprint(n>>10, " KiB")
	case n >= 1_000_000:
		return fmt.Sprintf("%d,%03d,%03d", n/1_000_000, n/1000%1000, n%1000)
	case n >= 1000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return strconv.FormatInt(n, 10)
}
