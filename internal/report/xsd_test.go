package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// xsdElement is the declaration of one element in jenkins-junit.xsd. All declarations of
// that schema are global, and its only types are strings and sequences of references, so
// the test needs only this part of XML Schema.
type xsdElement struct {
	Name    string `xml:"name,attr"`
	Type    string `xml:"type,attr"`
	Complex *struct {
		Mixed    bool     `xml:"mixed,attr"`
		Sequence []xsdRef `xml:"sequence>element"`
		Attrs    []struct {
			Name string `xml:"name,attr"`
			Type string `xml:"type,attr"`
			Use  string `xml:"use,attr"`
		} `xml:"attribute"`
	} `xml:"complexType"`
}

type xsdRef struct {
	Ref string `xml:"ref,attr"`
	Min string `xml:"minOccurs,attr"`
	Max string `xml:"maxOccurs,attr"`
}

type xsdSchema map[string]xsdElement

func loadXSD(path string) (xsdSchema, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Elements []xsdElement `xml:"element"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	schema := xsdSchema{}
	for _, e := range doc.Elements {
		if e.Complex == nil && e.Type != "xs:string" {
			return nil, fmt.Errorf("%s: element %s has a type that this validator does not support", path, e.Name)
		}
		schema[e.Name] = e
	}
	if len(schema) != 10 {
		return nil, fmt.Errorf("%s declares %d elements, want 10", path, len(schema))
	}
	return schema, nil
}

func mustXSD(path string) xsdSchema {
	schema, err := loadXSD(path)
	if err != nil {
		panic(err)
	}
	return schema
}

// validate parses a document and returns its first violation of the schema.
func (s xsdSchema) validate(doc []byte) error {
	dec := xml.NewDecoder(strings.NewReader(string(doc)))
	var roots int
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			if roots != 1 {
				return fmt.Errorf("%d root elements", roots)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			roots++
			if err := s.element(dec, start); err != nil {
				return err
			}
		}
	}
}

func (s xsdSchema) element(dec *xml.Decoder, start xml.StartElement) error {
	name := start.Name.Local
	rule, known := s[name]
	if !known {
		return fmt.Errorf("<%s> is not declared", name)
	}
	if err := rule.attributes(start.Attr); err != nil {
		return err
	}
	var children []string
	for {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			children = append(children, token.Name.Local)
			if err := s.element(dec, token); err != nil {
				return err
			}
		case xml.CharData:
			if rule.Complex != nil && !rule.Complex.Mixed && strings.TrimSpace(string(token)) != "" {
				return fmt.Errorf("<%s> must not contain text", name)
			}
		case xml.EndElement:
			return rule.sequence(children)
		}
	}
}

func (e xsdElement) attributes(attrs []xml.Attr) error {
	var seen []string
	for _, a := range attrs {
		seen = append(seen, a.Name.Local)
	}
	var declared []string
	if e.Complex != nil {
		for _, a := range e.Complex.Attrs {
			declared = append(declared, a.Name)
			if a.Use == "required" && !slices.Contains(seen, a.Name) {
				return fmt.Errorf("<%s> lacks the attribute %s", e.Name, a.Name)
			}
		}
	}
	for _, name := range seen {
		if !slices.Contains(declared, name) {
			return fmt.Errorf("<%s> has the undeclared attribute %s", e.Name, name)
		}
	}
	return nil
}

func (e xsdElement) sequence(children []string) error {
	var refs []xsdRef
	if e.Complex != nil {
		refs = e.Complex.Sequence
	}
	for _, ref := range refs {
		n := 0
		for len(children) > 0 && children[0] == ref.Ref {
			children, n = children[1:], n+1
		}
		if n < bound(ref.Min, 1) || ref.Max != "unbounded" && n > bound(ref.Max, 1) {
			return fmt.Errorf("<%s> contains %d <%s>", e.Name, n, ref.Ref)
		}
	}
	if len(children) > 0 {
		return fmt.Errorf("<%s> must not contain <%s> there", e.Name, children[0])
	}
	return nil
}

func bound(s string, missing int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return missing
}

// TestXSDValidatorRefuses checks that the validator refuses invalid documents.
func TestXSDValidatorRefuses(t *testing.T) {
	schema := mustXSD(junitXSD)
	bad := map[string]string{
		"undeclared element":   `<testsuites><suite/></testsuites>`,
		"undeclared attribute": `<testsuites colour="red"/>`,
		"missing attribute":    `<testsuites><testsuite name="a"/></testsuites>`,
		"wrong order":          `<testsuite name="a" tests="1"><testcase name="b"><system-out/><failure/></testcase></testsuite>`,
		"too many":             `<testsuite name="a" tests="1"><properties><property name="a" value="b"/></properties><properties><property name="a" value="b"/></properties></testsuite>`,
		"too few":              `<testsuite name="a" tests="0"><properties/></testsuite>`,
		"text":                 `<testsuites>text</testsuites>`,
		"skipped attribute":    `<testsuite name="a" tests="1"><testcase name="b"><skipped message="c"/></testcase></testsuite>`,
		"not closed":           `<testsuites>`,
		"two roots":            `<testsuites/><testsuites/>`,
	}
	for name, doc := range bad {
		if err := schema.validate([]byte(doc)); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
