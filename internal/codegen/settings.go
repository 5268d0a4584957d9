package codegen

import (
	"fmt"
	"maps"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// settings gives oapi-codegen's configuration for one file: what gen/ is generated
// with, but for the templates, by which gen/ does without RuntimeModule.
func settings(packageName string, modelsOnly bool) ([]byte, error) {
	merged, err := settingsFile("codegen.models.yaml")
	if err != nil {
		return nil, err
	}
	if !modelsOnly {
		client, err := settingsFile("codegen.client.yaml")
		if err != nil {
			return nil, err
		}
		maps.Copy(section(merged, "generate"), section(client, "generate"))
	}
	delete(section(merged, "output-options"), "user-templates")
	merged["package"] = packageName
	return yaml.Marshal(merged)
}

func settingsFile(name string) (map[string]any, error) {
	data, err := openapi.Recipe(name)
	if err != nil {
		return nil, err
	}
	var s map[string]any
	if err := yaml.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// section gives a mapping of the settings; one that is not there is made.
func section(s map[string]any, name string) map[string]any {
	m, ok := s[name].(map[string]any)
	if !ok {
		m = make(map[string]any)
		s[name] = m
	}
	return m
}
