package oas

// Webhooks returns the document's webhooks, each as a part named "webhook NAME".
func (d *Document) Webhooks(withProse bool) map[string]Part {
	out := make(map[string]Part)
	for name, n := range Pairs(Get(d.root, "webhooks")) {
		out["webhook "+name] = d.part(place{n, Join("/webhooks", name)}, withProse)
	}
	return out
}

// defaultDialect is the dialect of schemas in a document that does not declare one (OpenAPI
// 3.1.0, section 4.8.24.7). OpenAPI 3.0 has no other dialect.
const defaultDialect = "https://spec.openapis.org/oas/3.1/dialect/base"

// proseParts are the parts of a document's top level that are for human readers only. The
// title identifies the API, and the version of the document has no effect.
var proseParts = [][]string{
	{"info", "summary"}, {"info", "description"}, {"info", "termsOfService"}, {"info", "contact"}, {"info", "license"}, {"tags"}, {"externalDocs"},
}

// Parts returns the parts of the document that belong to no operation and are compared as a
// whole, by name.
func (d *Document) Parts(withProse bool) map[string]Part {
	out := make(map[string]Part)
	if dialect := Get(d.root, "jsonSchemaDialect"); dialect != nil && Text(dialect) != defaultDialect {
		out["jsonSchemaDialect"] = d.part(place{dialect, "/jsonSchemaDialect"}, withProse)
	}
	for _, steps := range proseParts {
		at := place{d.root, ""}.in(steps...)
		if at.node != nil && withProse {
			out[steps[len(steps)-1]] = d.prosePart(at)
		}
	}
	return out
}
