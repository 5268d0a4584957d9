package codegen

import "github.com/atlas-exportbuckets/exportbuckets/internal/oas"

// dropOtherDirection removes the properties that a body cannot have: readOnly ones from
// the schemas that only requests use, writeOnly ones from those that only responses use.
// A schema that both use keeps them, because it becomes one Go type. Dangling references are
// ignored here, because the generator reports them.
func dropOtherDirection(doc *oas.Document) {
	requests, responses := newReach(doc), newReach(doc)
	oas.Objects(doc.Root(), func(object *oas.Node) {
		requests.visit(oas.Get(object, "requestBody"))
		for _, response := range oas.Pairs(oas.Get(object, "responses")) {
			responses.visit(response)
		}
	})
	for object := range requests.objects {
		if !responses.objects[object] {
			dropProperties(doc, object, "readOnly")
		}
	}
	for object := range responses.objects {
		if !requests.objects[object] {
			dropProperties(doc, object, "writeOnly")
		}
	}
}

// reach collects the schemas of objects in bodies of one direction.
type reach struct {
	doc     *oas.Document
	objects map[*oas.Node]bool
}

func newReach(doc *oas.Document) *reach {
	return &reach{doc: doc, objects: make(map[*oas.Node]bool)}
}

func (r *reach) visit(n *oas.Node) {
	if n == nil || r.objects[n] {
		return
	}
	oas.Objects(n, func(object *oas.Node) { r.objects[object] = true })
	_ = oas.References(n, "", func(ref oas.Reference) error { // the visitor returns no error
		if target, _, err := r.doc.Target(ref.Ref); err == nil {
			r.visit(target)
		}
		return nil
	})
}

// dropProperties removes the properties of an object that have a flag, and their names
// from its required ones.
func dropProperties(doc *oas.Document, object *oas.Node, flag string) {
	dropped := make(map[string]bool)
	oas.Keep(oas.Get(object, "properties"), func(name string, schema *oas.Node) bool {
		target, _, err := doc.Follow(schema, "")
		dropped[name] = err == nil && oas.True(oas.Get(target, flag))
		return !dropped[name]
	})
	required := oas.Get(object, "required")
	if !oas.IsSequence(required) {
		return
	}
	var kept []*oas.Node
	for _, name := range required.Content {
		if !dropped[name.Value] {
			kept = append(kept, name)
		}
	}
	required.Content = kept
}
