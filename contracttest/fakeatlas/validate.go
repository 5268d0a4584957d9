package fakeatlas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// object is a decoded request body.
type object map[string]any

func (o object) text(name string) string { s, _ := o[name].(string); return s }
func (o object) flag(name string) bool   { b, _ := o[name].(bool); return b }

// readBucket reads the body of a create.
func readBucket(c *call) (Bucket, *response) {
	body, refused := c.readObject()
	if refused != nil {
		return Bucket{}, refused
	}
	provider, refused := c.provider(body)
	if refused != nil {
		return Bucket{}, refused
	}
	if refused := check(body, contractFields.create[provider]); refused != nil {
		return Bucket{}, refused
	}
	if name, present := body["bucketName"].(string); present && !canBeBucketName(provider, name) {
		return Bucket{}, errBucketName()
	}
	if refused := checkLengths(body, contractFields.create[provider]); refused != nil {
		return Bucket{}, refused
	}
	b := Bucket{
		Provider: provider, BucketName: body.text("bucketName"),
		IAMRoleID: body.text("iamRoleId"), RequirePrivateNetworking: body.flag("requirePrivateNetworking"),
		RoleID: body.text("roleId"), ServiceURL: body.text("serviceUrl"),
	}
	if provider == Azure {
		refused = b.readContainer()
	}
	return b, refused
}

// provider reads the discriminator. v1.0 and 2023-01-01 accept only AWS, though
// their enumeration lists all three.
func (c *call) provider(body object) (Provider, *response) {
	value, present := body["cloudProvider"]
	if !present || value == nil {
		return "", errMissing("cloudProvider")
	}
	name, ok := value.(string)
	if !ok {
		return "", errFieldType("cloudProvider")
	}
	provider := Provider(name)
	if contractFields.create[provider] == nil || !shows(c.version, &Bucket{Provider: provider}) {
		return "", errEnum(name)
	}
	return provider, nil
}

// readContainer gets the name of an Azure bucket from its service URL, if the caller passed
// no name.
func (b *Bucket) readContainer() *response {
	u, err := url.Parse(b.ServiceURL)
	if err != nil || u.Scheme != "https" || !strings.HasSuffix(strings.ToLower(u.Hostname()), ".blob.core.windows.net") {
		return errInvalid([]fieldViolation{{
			Field: "serviceUrl", Description: "must be an https URL of a host below blob.core.windows.net",
		}})
	}
	if b.BucketName == "" {
		b.BucketName, _, _ = strings.Cut(strings.Trim(u.Path, "/"), "/")
	}
	if b.BucketName == "" {
		return errMissing("bucketName")
	}
	if !canBeBucketName(Azure, b.BucketName) {
		return errBucketName()
	}
	return nil
}

// readUpdate reads the body of an update.
func readUpdate(c *call) (private bool, refused *response) {
	body, refused := c.readObject()
	if refused == nil {
		refused = check(body, contractFields.update)
	}
	return body.flag("requirePrivateNetworking"), refused
}

// readObject decodes the body: one JSON object with a media type that Atlas accepts.
func (c *call) readObject() (object, *response) {
	if c.tooLarge {
		return nil, errTooLarge(maxBody)
	}
	if len(c.body) == 0 {
		return nil, errMalformed()
	}
	if !takesMediaType(c.request.Header.Get("Content-Type")) {
		return nil, errMediaType(c.request.Header.Get("Content-Type"))
	}
	dec := json.NewDecoder(bytes.NewReader(c.body))
	dec.UseNumber()
	var body object
	if err := dec.Decode(&body); err != nil || body == nil || !utf8.Valid(c.body) {
		return nil, errMalformed()
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errMalformed()
	}
	return body, nil
}

// takesMediaType reports whether a media type is JSON, plain or with a dated version.
func takesMediaType(header string) bool {
	name, _, err := mime.ParseMediaType(header)
	if err != nil {
		return false
	}
	_, dated := vendorDate(name)
	return name == plainJSON || dated
}

// check returns the refusal of the first attribute that is unknown, null, of the wrong
// type or form, or missing; nil if there is none.
func check(body object, fields map[string]field) *response {
	for _, name := range slices.Sorted(maps.Keys(body)) {
		f, known := fields[name]
		switch value := body[name]; {
		case !known:
			return errUnknownField(name)
		case value == nil && f.required:
			return errMissing(name) // null is treated like a missing attribute (inferred)
		case !f.typed(value):
			return errFieldType(name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, present := body[name]; !present && fields[name].required {
			return errMissing(name)
		}
	}
	return nil
}

// checkLengths returns one error for all texts that are too short or too long, in
// characters as JSON Schema counts them.
func checkLengths(body object, fields map[string]field) *response {
	var violations []fieldViolation
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		text, isText := body[name].(string)
		f, n := fields[name], utf8.RuneCountInString(text)
		if isText && (n < f.min || f.max > 0 && n > f.max) {
			violations = append(violations, fieldViolation{
				Field: name, Description: fmt.Sprintf("length must be between %d and %d", f.min, f.max),
			})
		}
	}
	if violations == nil {
		return nil
	}
	return errInvalid(violations)
}

// typed reports whether a value has the type of the field and matches its pattern. The only
// lists are lists of links.
func (f field) typed(value any) bool {
	switch value := value.(type) {
	case string:
		return f.kind == "string" && (f.pattern == nil || f.pattern.MatchString(value))
	case bool:
		return f.kind == "boolean"
	case []any:
		return f.kind == "array" && !slices.ContainsFunc(value, func(item any) bool { return !isLink(item) })
	}
	return false
}

func isLink(value any) bool {
	o, ok := value.(map[string]any)
	for _, part := range o {
		_, text := part.(string)
		ok = ok && text
	}
	return ok
}
