package fakeatlas

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// requestFields are the attributes of the request bodies.
type requestFields struct {
	create map[Provider]map[string]field
	update map[string]field
}

// field is what the contract demands of one attribute of a request body.
type field struct {
	required bool
	kind     string // the JSON type
	min, max int    // characters; 0 for no bound
	pattern  *regexp.Regexp
	readOnly bool // accepted and without effect (inferred)
}

// contractFields reads the attributes from the newest version of the contract, once.
var contractFields = sync.OnceValues(readFields)

func readFields() (*requestFields, error) {
	source, err := openapi.Source(openapi.V20240530)
	if err != nil {
		return nil, err
	}
	doc, err := oas.ParseBytes(openapi.FileName(openapi.V20240530), source)
	if err != nil {
		return nil, err
	}
	create, err := requestBody(doc, "createExportBucket")
	if err != nil {
		return nil, err
	}
	update, err := requestBody(doc, "updateBackupExportBucket")
	if err != nil {
		return nil, err
	}
	read := &requestFields{create: map[Provider]map[string]field{}, update: fieldsOf(update)}
	if create.Union == nil {
		return nil, fmt.Errorf("%s: the body of a create has no branches", doc.Name())
	}
	for _, branch := range create.Union.Branches {
		read.create[Provider(branch.Value)] = fieldsOf(branch.Schema)
	}
	return read, nil
}

// requestBody returns the schema of an operation's request body.
func requestBody(doc *oas.Document, name string) (*oas.Schema, error) {
	operations, err := doc.Operations()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(operations, func(op *oas.Operation) bool { return op.ShortName == name })
	if i < 0 {
		return nil, fmt.Errorf("%s: no operation %s", doc.Name(), name)
	}
	op, err := doc.Reader().Operation(operations[i], openapi.V20240530)
	if err != nil {
		return nil, err
	}
	if op.Body != nil {
		for _, media := range op.Body.Media {
			return media.Schema, nil
		}
	}
	return nil, fmt.Errorf("%s: %s has no request body", doc.Name(), name)
}

func fieldsOf(s *oas.Schema) map[string]field {
	fields := map[string]field{}
	for name, property := range s.Properties {
		_, required := s.Required[name]
		f := field{required: required, readOnly: property.ReadOnly}
		if len(property.Types) == 1 {
			f.kind = property.Types[0]
		}
		f.min, _ = strconv.Atoi(property.Assertions["minLength"].Value)
		f.max, _ = strconv.Atoi(property.Assertions["maxLength"].Value)
		if pattern, has := property.Assertions["pattern"]; has {
			f.pattern = regexp.MustCompile(oas.Unquote(pattern.Shown()))
		}
		if oas.Unquote(property.Assertions["format"].Value) == "uuid" {
			f.pattern = uuid
		}
		fields[name] = f
	}
	return fields
}
