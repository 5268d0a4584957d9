package oas

import (
	"iter"
	"maps"
	"slices"
)

// Schemas iterates over all schemas of an operation, each once, with the name of the
// innermost property that contains the schema, or "". The order is the same on every run.
func (e *Effective) Schemas() iter.Seq2[string, *Schema] {
	return func(yield func(string, *Schema) bool) {
		w := schemaWalk{yield: yield, seen: make(map[*Schema]bool)}
		for _, p := range sorted(e.Parameters) {
			w.schema("", p.Schema)
		}
		if e.Body != nil {
			w.media(e.Body.Media)
		}
		for _, r := range sorted(e.Responses) {
			w.media(r.Media)
			for _, h := range sorted(r.Headers) {
				w.schema("", h.Schema)
			}
		}
	}
}

// sorted iterates over a map in the order of its keys.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

type schemaWalk struct {
	yield func(string, *Schema) bool
	seen  map[*Schema]bool
	done  bool
}

func (w *schemaWalk) media(media map[string]*Media) {
	for _, m := range sorted(media) {
		w.schema("", m.Schema)
	}
}

func (w *schemaWalk) schema(name string, s *Schema) {
	if w.done || s == nil || w.seen[s] {
		return
	}
	w.seen[s] = true
	if !w.yield(name, s) {
		w.done = true
		return
	}
	for property, p := range sorted(s.Properties) {
		w.schema(property, p.Schema)
	}
	for _, sub := range sorted(s.Subschemas) {
		w.schema(name, sub)
	}
	w.schema(name, s.Items)
	w.schema(name, s.Additional)
	if s.Union != nil {
		for _, b := range s.Union.Branches {
			w.schema(name, b.Schema)
		}
	}
}
