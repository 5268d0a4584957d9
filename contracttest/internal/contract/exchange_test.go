package contract

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
)

// shop is a specification with everything that an operation can declare.
const shop = `
openapi: 3.0.1
info: {title: Shop, version: "1"}
paths:
  /shop/{shopId}/items:
    parameters:
      - {name: shopId, in: path, required: true, schema: {type: string, pattern: '^[a-z]{3}$'}}
      - {name: pretty, in: query, schema: {type: boolean}}
      - {name: X-Trace, in: header, schema: {type: string}}
    get:
      operationId: listItems
      x-xgen-operation-id-override: items
      parameters:
        - {name: sort, in: query, schema: {type: string, enum: [asc, desc]}}
        - {name: tag, in: query, schema: {type: array, items: {type: string, maxLength: 3}}}
        - {name: since, in: query, required: true, schema: {type: integer, minimum: 1}}
        - {$ref: '#/components/parameters/Page'}
        - {name: free, in: query, content: {application/json: {schema: {type: object}}}}
      responses:
        "200":
          description: OK
          headers:
            RateLimit-Limit: {required: true, schema: {type: integer, minimum: 1}}
            etag: {$ref: '#/components/headers/ETag'}
            Content-Type: {schema: {type: string}}
          content:
            application/json: {schema: {allOf: [{$ref: '#/components/schemas/Items'}]}}
            text/csv: {schema: {type: string}}
        "4XX": {$ref: '#/components/responses/Bad'}
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}, Text/Plain: {}}
      responses:
        "201": {description: Created}
        default: {$ref: '#/components/responses/Bad'}
components:
  parameters:
    Page: {name: page, in: query, schema: {type: integer, maximum: 9}}
  headers:
    ETag: {schema: {type: string, pattern: '^"'}}
  responses:
    Bad: {description: Bad, content: {application/json: {schema: {type: object, properties: {error: {type: string, enum: [OUT, SHUT]}}}}}}
  schemas:
    Item: {type: object, properties: {id: {type: string, readOnly: true}, name: {type: string}}}
    Items: {type: object, properties: {results: {type: array, items: {$ref: '#/components/schemas/Item'}}}}
`

func shopOperation(t *testing.T, method string) *Operation {
	t.Helper()
	return matchOf(t, foreignOf(t, shop), method, "/shop/abc/items", "", "").Operation
}

// written returns failures as "keyword by place: actual", one per line.
func written(failures []schema.Failure) string {
	var lines []string
	for _, f := range failures {
		lines = append(lines, fmt.Sprintf("%s by %s: %s", f.Keyword, f.Spec, f.Actual))
	}
	return strings.Join(lines, "\n")
}

// TestOperation checks the result of reading a declared operation.
func TestOperation(t *testing.T) {
	get, post := shopOperation(t, "GET"), shopOperation(t, "POST")
	for _, tt := range []struct{ what, got, want string }{
		{"an overridden name", get.Name, "items"},
		{"no name", post.Name, "POST /shop/{shopId}/items"},
		{"statuses", strings.Join(get.Statuses(), " "), "200 4XX"},
		{"statuses with a default", strings.Join(post.Statuses(), " "), "201 default"},
		{"media types", strings.Join(get.Response(200).MediaTypes(), " "), "application/json text/csv"},
		{"no media types", strings.Join(post.Response(201).MediaTypes(), " "), ""},
		{"media types of a body", strings.Join(post.Body.MediaTypes(), " "), "application/json text/plain"},
		{"a status by its class", get.Response(404).Status, "4XX"},
		{"a status by default", post.Response(500).Status, "default"},
		{"the place of a response", get.Response(200).Pointer, "/paths/~1shop~1{shopId}~1items/get/responses/200"},
		{"where a body is", post.Body.Pointer, "/paths/~1shop~1{shopId}~1items/post/requestBody"},
		{"where a media type is", get.Response(200).Media[0].Pointer, "/paths/~1shop~1{shopId}~1items/get/responses/200/content/application~1json"},
		{"the place of a shared response", get.Response(400).Media[0].Pointer, "/components/responses/Bad/content/application~1json"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.what, tt.got, tt.want)
		}
	}
	if r := get.Response(500); r != nil {
		t.Errorf("an undeclared status is %+v", r)
	}
	if get.Body != nil || !post.Body.Required {
		t.Errorf("bodies are %+v and %+v", get.Body, post.Body)
	}
	if m := get.Response(200).Media; !m[0].List || m[0].Schema == nil || m[1].List || m[1].Schema != nil {
		t.Errorf("the media types are %+v and %+v", m[0], m[1])
	}
}

// TestOperationDeclares checks which members and values a response declares.
func TestOperationDeclares(t *testing.T) {
	get, post := shopOperation(t, "GET"), shopOperation(t, "POST")
	for _, tt := range []struct {
		op             *Operation
		status         int
		pointer, value string
		want           bool
	}{
		{get, 200, "/results/0/name", "", true},
		{get, 200, "/results/0/price", "", false},
		{get, 404, "/error", "OUT", true},
		{get, 404, "/error", "IN", false},
		{get, 500, "/error", "", false},
		{post, 201, "/name", "", false},
		{post, 500, "/error", "SHUT", true},
	} {
		if got := tt.op.Declares(tt.status, tt.pointer, tt.value); got != tt.want {
			t.Errorf("%s %d %s %s: got %v", tt.op.Method, tt.status, tt.pointer, tt.value, got)
		}
	}
}

// TestQueryParameters validates the parameters of a query.
func TestQueryParameters(t *testing.T) {
	op := shopOperation(t, "GET")
	const get = "/paths/~1shop~1{shopId}~1items/get/parameters/"
	for _, tt := range []struct{ name, query, want string }{
		{"sort", "sort=asc", ""},
		{"sort", "sort=up", "enum by " + get + "0/schema/enum: up"},
		{"sort", "", ""},
		{"sort", "sort=", "enum by " + get + "0/schema/enum: "},
		{"tag", "tag=a&tag=b", ""},
		{"tag", "tag=a&tag=long", "maxLength by " + get + "1/schema/items/maxLength: a, long"},
		{"since", "since=1", ""},
		{"since", "since=0", "minimum by " + get + "2/schema/minimum: 0"},
		{"since", "since=x", "type by " + get + "2: x"},
		{"since", "", "required by " + get + "2: missing"},
		{"page", "page=9", ""},
		{"page", "page=10", "maximum by /components/parameters/Page/schema/maximum: 10"},
		{"pretty", "pretty=true", ""},
		{"pretty", "pretty=yes", "type by /paths/~1shop~1{shopId}~1items/parameters/1: yes"},
	} {
		query, err := url.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := written(op.Query[tt.name].CheckQuery(query)); got != tt.want {
			t.Errorf("%s in ?%s: got %q, want %q", tt.name, tt.query, got, tt.want)
		}
	}
	for name, single := range map[string]bool{"sort": true, "tag": false, "free": true} {
		if op.Query[name].Single() != single {
			t.Errorf("%s may occur several times: %v", name, !single)
		}
	}
	if op.Query["X-Trace"] != nil || op.Query["shopId"] != nil {
		t.Error("parameters of other places are in the query")
	}
}

// TestTakesQuery checks which names in a query belong to a parameter.
func TestTakesQuery(t *testing.T) {
	for parameter, names := range map[string]map[string]bool{
		"name: p, in: query, schema: {type: string}":                                                            {"p": true, "q": false, "p[a]": false},
		"name: p, in: query, style: deepObject, schema: {type: object, properties: {a: {}}}":                    {"p[a]": true, "p[": false, "p]": false, "q[a]": false, "a": false},
		"name: p, in: query, schema: {type: object, properties: {a: {}}}":                                       {"p": true, "a": true, "b": false},
		"name: p, in: query, schema: {type: object, additionalProperties: true}":                                {"a": true},
		"name: p, in: query, schema: {type: object, properties: {a: {}}, additionalProperties: false}":          {"a": true, "b": false},
		"name: p, in: query, style: form, explode: true, schema: {type: object, properties: {a: {}}}":           {"a": true, "b": false},
		"name: p, in: query, style: form, explode: false, schema: {type: object, properties: {a: {}}}":          {"p": true, "a": false},
		"name: p, in: query, style: pipeDelimited, explode: true, schema: {type: object, properties: {a: {}}}":  {"a": false},
		"name: p, in: query, content: {application/json: {schema: {type: object, properties: {a: {}}}}}":        {"p": true, "a": false},
		"name: p, in: query, required: true, schema: {type: array, items: {type: object, properties: {a: {}}}}": {"p": true, "a": false},
	} {
		source := "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {operationId: a, parameters: [{" + parameter + "}], responses: {'200': {description: OK}}}}}\n"
		op := matchOf(t, foreignOf(t, source), "GET", "/a", "", "").Operation
		for name, want := range names {
			if got := op.TakesQuery(name); got != want {
				t.Errorf("%s takes %s: %t", parameter, name, got)
			}
		}
	}
}

// TestMediaTypeRanges checks which declared media type applies to a message.
func TestMediaTypeRanges(t *testing.T) {
	for _, tt := range []struct{ declared, given, want string }{
		{"'*/*': {schema: {}}, application/json: {schema: {}}", "application/json", "application/json with a schema"},
		{"'*/*': {schema: {}}, application/json: {schema: {}}", "application/xml+json", "*/* with a schema"},
		{"'*/*': {schema: {}}", "text/plain", "*/*"},
		{"'*/*': {schema: {}}", "", ""},
		{"'text/*': {schema: {}}", "text/plain", "text/*"},
		{"'text/*': {schema: {}}", "application/json", ""},
		{"application/json: {schema: {}}", "", ""},
	} {
		source := "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'200': {description: OK, content: {" + tt.declared + "}}}}}}\n"
		got := ""
		if m := Find(matchOf(t, foreignOf(t, source), "GET", "/a", "", "").Operation.Response(200).Media, tt.given); m != nil {
			if got = m.Type; m.Schema != nil {
				got += " with a schema"
			}
		}
		if got != tt.want {
			t.Errorf("%q by {%s} is %q, want %q", tt.given, tt.declared, got, tt.want)
		}
	}
}

// TestMediaTypesWithoutBody checks that a response without a body has the media types of its
// version and those without a version.
func TestMediaTypesWithoutBody(t *testing.T) {
	const source = `
openapi: 3.0.1
info: {title: t, version: "1"}
paths: {/a: {delete: {operationId: a, responses: {"204": {description: No Content, content: {application/vnd.atlas.2023-01-01+json: {}, application/vnd.atlas.2024-05-30+json: {}, application/json: {}}}}}}}
`
	for _, version := range []string{"2023-01-01", "2024-05-30"} {
		got := matchOf(t, foreignOf(t, source), "DELETE", "/a", version, "").Operation.Response(204).MediaTypes()
		if want := []string{"application/vnd.atlas." + version + "+json", "application/json"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", version, got, want)
		}
	}
}

// TestPathValues validates the parameters of a path, which the path item declares.
func TestPathValues(t *testing.T) {
	op := shopOperation(t, "GET")
	for value, want := range map[string]string{
		"abc": "", "abcd": "pattern by /paths/~1shop~1{shopId}~1items/parameters/0/schema/pattern: abcd", "a\"c": "pattern by /paths/~1shop~1{shopId}~1items/parameters/0/schema/pattern: a\"c",
	} {
		if got := written(op.Path[0].CheckPath(value)); got != want {
			t.Errorf("%s: got %q, want %q", value, got, want)
		}
	}
}

// TestHeaders validates the headers of a response.
func TestHeaders(t *testing.T) {
	r := shopOperation(t, "GET").Response(200)
	if len(r.Headers) != 2 || r.Headers[0].Name != "Etag" || r.Headers[1].Name != "Ratelimit-Limit" {
		t.Fatalf("headers are %+v", r.Headers)
	}
	etag, limit := r.Headers[0], r.Headers[1]
	for _, tt := range []struct {
		header *Header
		values []string
		want   string
	}{
		{limit, []string{"5"}, ""},
		{limit, []string{"0"}, "minimum by " + limit.Pointer + "/schema/minimum: 0"},
		{limit, []string{"x"}, "type by " + limit.Pointer + ": x"},
		{limit, []string{"5", "5"}, ""},
		{limit, []string{"5", "x", "0"}, "type by " + limit.Pointer + ": x\nminimum by " + limit.Pointer + "/schema/minimum: 0"},
		{limit, nil, "required by " + limit.Pointer + ": missing"},
		{etag, []string{`"x"`}, ""},
		{etag, nil, ""},
		{etag, []string{"x"}, "pattern by /components/headers/ETag/schema/pattern: x"},
	} {
		if got := written(tt.header.Check(http.Header{tt.header.Name: tt.values})); got != tt.want {
			t.Errorf("%s %q: got %q, want %q", tt.header.Name, tt.values, got, tt.want)
		}
	}
}
