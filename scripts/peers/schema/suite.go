package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
)

// group is a schema of the suite with its tests.
type group struct {
	File        string `json:"-"` // path below the suite's folder
	Description string
	Schema      any
	Tests       []test
}

// test is an instance, and whether the schema allows it.
type test struct {
	Description string
	Data        json.RawMessage
	Valid       bool
}

// readGroups reads every file of a suite, in the order of their names. Numbers in
// schemas keep their digits.
func readGroups(dir string) ([]group, error) {
	var all []group
	files := os.DirFS(dir)
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".json" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var groups []group
		if err := decode(text, &groups); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for _, g := range groups {
			g.File = name
			all = append(all, g)
		}
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s contains no tests", dir)
	}
	return all, err
}

// decode decodes JSON and keeps the digits of numbers.
func decode(text []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return dec.Decode(v)
}

// schemaPointer is the place of the group's schema in a specification.
const schemaPointer = "#/components/schemas/Case"

// specification returns an OpenAPI document in which the response of GET /N must conform to
// the group's schema, for each test N.
func (g group) specification(version string) ([]byte, error) {
	type object = map[string]any
	paths := make(object)
	for i := range g.Tests {
		paths["/"+strconv.Itoa(i)] = object{"get": object{
			"operationId": operationID(i),
			"responses": object{"200": object{
				"description": "the instance",
				"content":     object{"application/json": object{"schema": object{"$ref": schemaPointer}}},
			}},
		}}
	}
	return json.Marshal(object{
		"openapi":    version,
		"info":       object{"title": "JSON Schema Test Suite", "version": "1"},
		"paths":      paths,
		"components": object{"schemas": object{"Case": moved(g.Schema, schemaPointer, schemaPointer)}},
	})
}

func operationID(i int) string { return "case" + strconv.Itoa(i) }

// recording returns a HAR in which GET /N responds with the instance of test N.
func (g group) recording() ([]byte, error) {
	type object = map[string]any
	var entries []object
	for i, t := range g.Tests {
		entries = append(entries, object{
			"request": object{
				"method": "GET", "url": "https://localhost/" + strconv.Itoa(i), "httpVersion": "HTTP/1.1",
				"headers": []object{{"name": "Accept", "value": "application/json"}},
			},
			"response": object{
				"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1",
				"headers": []object{{"name": "Content-Type", "value": "application/json"}},
				"content": object{"mimeType": "application/json", "size": len(t.Data), "text": string(t.Data)},
			},
		})
	}
	return json.Marshal(object{"log": object{"version": "1.2", "entries": entries}})
}
