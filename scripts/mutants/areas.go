//go:build unix

package main

import (
	"maps"
	"slices"
)

// place is a package, or some files of it.
type place struct {
	folder string
	files  func(name string) bool // nil means all
}

// areas are the parts of the module that can be named on the command line. The command itself is
// not one of them: its transcripts run it as separate processes, to which the switch does not
// extend, and they take half a minute, which each of its 800 changes would need.
var areas = map[string][]place{
	"client": {
		{folder: "client"},
		{folder: "client/internal/digestauth"},
		{folder: "client/internal/httpbody"},
		{folder: "client/internal/tokenauth"},
	},
	"drift": {
		{folder: "openapi/drift"},
		{folder: "openapi/drift/internal/compare"},
		{folder: "openapi/drift/internal/gonames"},
		{folder: "openapi/drift/internal/source"},
	},
	"fake": {
		{folder: "contracttest/fakeatlas"},
		{folder: "contracttest/fakeatlas/internal/digestauth"},
		{folder: "contracttest/fakeatlas/internal/tokens"},
	},
	"limits":    {{folder: "internal/limits"}},
	"oas":       {{folder: "internal/oas"}},
	"recorder":  {{folder: "contracttest/internal/scrub"}, {folder: "contracttest/internal/secrets"}},
	"recording": {{folder: "contracttest/internal/recording"}, {folder: "contracttest/internal/coding"}, {folder: "contracttest/internal/jsonscan"}},
	"report":    {{folder: "internal/report"}},
	"schema":    {{folder: "contracttest/internal/schema"}, {folder: "contracttest/internal/contract"}},
	"trim":      {{folder: "internal/trim"}, {folder: "internal/pipeline"}, {folder: "internal/selection"}},
	"verify":    {{folder: "contracttest"}},
}

func areaNames() []string { return slices.Sorted(maps.Keys(areas)) }
