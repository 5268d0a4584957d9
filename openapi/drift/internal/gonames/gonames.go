// Package gonames lists the exported names of this module's Go code that come from a place
// in the contract: those of the generated models and clients in gen, and those of the
// handwritten package client. A test compares all of them with the code.
package gonames

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// Place is a place in one version of the contract.
type Place struct {
	// Version is the resource version, Operation the short name.
	Version, Operation string
	// Pointer is the JSON pointer in the contract's notation.
	Pointer string
	// In and Parameter name a parameter ("query", "itemsPerPage"); "" for other places.
	In, Parameter string
}

// Of lists the Go names that are generated from a place, sorted. contract is the root of the
// version's document, which contains the Go names.
func Of(contract *oas.Node, p Place) []string {
	if !slices.Contains(openapi.Versions(), p.Version) || contract == nil {
		return nil
	}
	var names []string
	steps := oas.Split(p.Pointer)
	switch {
	case p.Parameter != "":
		names = parameter(p)
	case len(steps) > 2 && steps[0] == "components" && steps[1] == "schemas":
		names = schema(contract, p.Version, steps[2:])
	}
	if names == nil {
		names = operation(p)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Package returns the path, below the module, of a version's generated package.
func Package(version string) string {
	if version == openapi.V1 {
		return "gen/v1"
	}
	return "gen/v" + strings.ReplaceAll(version, "-", "")
}

// methods are the wrapper's methods for each operation.
var methods = map[string][]string{
	"listExportBuckets":        {"List", "ListPage"},
	"createExportBucket":       {"Create"},
	"getExportBucket":          {"Get"},
	"updateBackupExportBucket": {"Update"},
	"deleteExportBucket":       {"Delete"},
}

// withBody lists the operations whose generated method has a body parameter.
var withBody = []string{"createExportBucket", "updateBackupExportBucket"}

func operation(p Place) []string {
	var names []string
	for _, m := range methods[p.Operation] {
		names = append(names, "client.Client."+m)
	}
	if names != nil {
		name := Field(p.Operation)
		if slices.Contains(withBody, p.Operation) {
			name += "WithBody"
		}
		names = append(names, Package(p.Version)+".Client."+name)
	}
	return names
}

// listOptions maps the query parameters of a list to the fields of client.ListOptions.
var listOptions = map[string]string{"itemsPerPage": "ItemsPerPage", "pageNum": "PageNum", "includeCount": "OmitCount"}

func parameter(p Place) []string {
	if p.In != "query" || methods[p.Operation] == nil {
		return nil
	}
	names := []string{Package(p.Version) + "." + Field(p.Operation) + "Params." + Field(p.Parameter)}
	if field := listOptions[p.Parameter]; field != "" && p.Operation == "listExportBuckets" {
		names = append(names, "client.ListOptions."+field)
	}
	return names
}

// schema returns the names for a component schema, or for one of its properties. steps are
// the pointer's steps after /components/schemas.
func schema(contract *oas.Node, version string, steps []string) []string {
	node := oas.At(contract, "components", "schemas", steps[0])
	if node == nil {
		return nil
	}
	goType := cmp.Or(oas.Text(oas.Get(node, "x-go-name")), steps[0])
	property := ""
	for i, step := range steps[:len(steps)-1] {
		if step == "properties" && i == 1 || step == "required" && i == 1 {
			property = steps[i+1]
		}
	}
	generated := Package(version) + "." + goType
	if property == "" {
		return append(wrapped(goType, ""), generated)
	}
	declared := oas.At(node, "properties", property)
	if strings.HasSuffix(goType, "Request") && oas.True(oas.Get(declared, "readOnly")) {
		return append(wrapped(goType, ""), generated) // generated requests have no readOnly fields
	}
	field := cmp.Or(oas.Text(oas.Get(declared, "x-go-name")), Field(property))
	names := append(wrapped(goType, property), generated+"."+field)
	if oas.Get(declared, "enum") != nil {
		names = append(names, generated+Field(property))
	}
	return names
}

// wrappers lists, for each generated type, the types of package client that replace it, and
// the fields whose names differ from the generated ones. An empty name means that package
// client does not have the field.
var wrappers = map[string]struct {
	types  []string
	fields map[string][]string
}{
	"AWSExportBucket":          {[]string{"AWS"}, responded},
	"AWSExportBucketRequest":   {[]string{"AWS"}, sent},
	"AzureExportBucket":        {[]string{"Azure"}, responded},
	"AzureExportBucketRequest": {[]string{"Azure"}, sent},
	"GCPExportBucket":          {[]string{"GCP"}, responded},
	"GCPExportBucketRequest":   {[]string{"GCP"}, sent},
	"ExportBucket":             {[]string{"ExportBucket", "Target"}, nil},
	"ExportBucketRequest":      {[]string{"Target"}, nil},
	"ExportBucketPage":         {[]string{"Page"}, nil},
	"ExportBucketUpdate":       {[]string{"Update"}, nil},
	"Link":                     {[]string{"Link"}, nil},
	"FieldViolation":           {[]string{"FieldViolation"}, nil},
	"BadRequestDetail":         {[]string{"Error.Fields"}, map[string][]string{"fields": {"Error.Fields"}}},
	"APIError": {[]string{"Error"}, map[string][]string{
		"error": {"Error.StatusCode"}, "errorCode": {"Error.Code"}, "badRequestDetail": {"Error.Fields"},
	}},
}

var (
	responded = map[string][]string{
		"_id": {"ExportBucket.ID"}, "links": {"ExportBucket.Links"}, "cloudProvider": {"ExportBucket.CloudProvider", "CloudProvider"}, "projectId": {"ExportBucket.ProjectID"},
	}
	sent = map[string][]string{"links": {}, "cloudProvider": {"CloudProvider"}}
)

// wrapped returns the names in package client for a generated type, or for one of its
// properties.
func wrapped(goType, property string) []string {
	w, known := wrappers[goType]
	if !known {
		return nil
	}
	var names []string
	special, is := w.fields[property]
	for _, name := range special {
		names = append(names, "client."+name)
	}
	for _, t := range w.types {
		switch {
		case property == "":
			names = append(names, "client."+t)
		case !is:
			names = append(names, "client."+t+"."+Field(property))
		}
	}
	return names
}

// initialisms are written in capitals in Go names.
var initialisms = []string{"API", "AWS", "GCP", "HTTP", "IAM", "ID", "URL", "UUID", "JSON"}

// Field returns the exported Go name of a JSON property or an operation.
func Field(name string) string {
	var out strings.Builder
	for _, word := range words(name) {
		if upper := strings.ToUpper(word); slices.Contains(initialisms, upper) {
			out.WriteString(upper)
			continue
		}
		out.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return out.String()
}

// words splits camel case and removes characters that a name cannot have.
func words(name string) []string {
	var out []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	lower := false
	for _, r := range name {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if unicode.IsUpper(r) && lower {
			flush()
		}
		lower = !unicode.IsUpper(r)
		word.WriteRune(r)
	}
	flush()
	return out
}
