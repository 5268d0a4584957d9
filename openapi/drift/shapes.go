package drift

import (
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/notation"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// cut is what to cut out of one document together.
type cut struct {
	doc     *trim.Document
	version string
}

// shapes gives the normal forms of a side's operations at a version: cut, projected
// and, unless they are the contract itself, corrected as the contract is.
func (c *comparison) shapes(s *side, version string, keys []string) (map[string]*shaped, error) {
	var cuts []cut
	operations := make(map[cut][]string)
	for _, key := range keys {
		h := s.at(key, version)
		k := cut{h.doc, h.version}
		if operations[k] == nil {
			cuts = append(cuts, k)
		}
		operations[k] = append(operations[k], h.op.String())
	}
	out := make(map[string]*shaped)
	for _, k := range cuts {
		ops, err := c.shapesOf(s, k, version, operations[k])
		if err != nil {
			return nil, err
		}
		for _, op := range ops {
			out[op.Key] = &shaped{op, k.doc}
		}
	}
	for _, key := range keys {
		if out[key] == nil {
			return nil, fmt.Errorf("%s: %s was lost on the way to resource version %s", s.name, key, version)
		}
	}
	return out, nil
}

func (c *comparison) shapesOf(s *side, k cut, version string, operations []string) ([]*shape.Operation, error) {
	doc, err := k.doc.Cut(trim.Selection{Operations: operations, Version: k.version, KeepProse: c.prose, KeepUnmapped: true})
	if err != nil {
		return nil, err
	}
	options := shape.Options{Name: doc.Name(), Version: version}
	if s.embedded {
		return shape.Build(doc.Root(), options)
	}
	result, err := notation.Correct(doc, c.contract.notation(version), func(d *trim.Document) (*trim.Document, error) {
		corrected, done, err := pipeline.Correct(d)
		if s == c.is {
			c.useCorrections(done)
		}
		return corrected, err
	})
	if err != nil {
		return nil, err
	}
	for from, to := range result.Names {
		c.names[from] = to
	}
	options.Origins = result.Origins
	return shape.Build(result.Root, options)
}

// correctionUse tells whether upstream needed a correction.
type correctionUse struct {
	reason string
	needed bool
}

func (c *comparison) useCorrections(done []pipeline.Correction) {
	for _, d := range done {
		use := c.corrections[d.ID]
		if use == nil {
			use = &correctionUse{reason: d.Reason}
			c.corrections[d.ID] = use
		}
		use.needed = use.needed || d.Needed
	}
}
