package codegen

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

const settingsFile = "codegen.yaml"

// templates are the files in package openapi that replace templates of oapi-codegen.
var templates = []string{"client-with-responses.tmpl", "union.tmpl"}

// settings returns oapi-codegen's configuration for one file of code.
func settings(req Request) ([]byte, error) {
	data, err := openapi.Recipe(settingsFile)
	if err != nil {
		return nil, err
	}
	var config map[string]any
	if err := yaml.Unmarshal(data, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", settingsFile, err)
	}
	config["package"] = req.Package
	if req.ModelsOnly {
		delete(section(config, "generate"), "client")
	}
	options := section(config, "output-options")
	options["skip-enum-validate"] = req.OpenEnums
	for _, name := range templates {
		text, err := openapi.Recipe(name)
		if err != nil {
			return nil, err
		}
		section(options, "user-templates")[name] = string(text)
	}
	return yaml.Marshal(config)
}

// section returns a mapping of the settings, and adds it if it does not exist.
func section(s map[string]any, name string) map[string]any {
	m, ok := s[name].(map[string]any)
	if !ok {
		m = make(map[string]any)
		s[name] = m
	}
	return m
}
