package codegen

import (
	_ "embed"
	"regexp"
)

// The module in which the generator is built: oapi-codegen and its dependencies, at the
// versions in this module's go.mod, because the older versions that oapi-codegen requires
// lack security fixes. `go test ./internal/codegen -update` rewrites both.
var (
	//go:embed generator.mod
	generatorMod []byte
	//go:embed generator.sum
	generatorSum []byte
)

const (
	generatorModule  = "github.com/oapi-codegen/oapi-codegen/v2"
	generatorCommand = generatorModule + "/cmd/oapi-codegen"

	// RuntimeModule is the only import of generated code outside of the standard library.
	RuntimeModule = "github.com/oapi-codegen/runtime"
	// RuntimeVersion is the version of RuntimeModule with which generated code was tested.
	RuntimeVersion = "v1.8.0"
)

var generatorRequirement = regexp.MustCompile(`(?m)\s` + regexp.QuoteMeta(generatorModule) + ` (\S+)`)

// GeneratorVersion is the version of oapi-codegen that runs, such as v2.8.2.
func GeneratorVersion() string { return string(generatorRequirement.FindSubmatch(generatorMod)[1]) }
