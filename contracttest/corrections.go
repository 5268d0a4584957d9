package contracttest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// ProposeCorrections returns an OpenAPI Overlay that would make the findings valid, for a
// user who accepts the recorded responses as correct: it adds a missing type, null, enum
// value, field or status, or removes a violated bound. The description of each action
// names its finding. left are the findings that no correction of the contract can make
// valid, such as a secret or a malformed body. The overlay is nil if it would be empty.
func (r *Report) ProposeCorrections() (overlay []byte, left []Finding, err error) {
	actions := &yaml.Node{Kind: yaml.SequenceNode}
	proposed := map[string]bool{}
	for _, f := range r.Findings {
		made := newProposal(r.contract, f).actions()
		if made == nil {
			left = append(left, f)
		}
		for _, action := range made {
			if key := oas.Canonical(action); !proposed[key] {
				proposed[key] = true
				oas.Set(action, "description", oas.String(reason(f)))
				actions.Content = append(actions.Content, action)
			}
		}
	}
	if len(actions.Content) == 0 {
		return nil, left, nil
	}
	root := oas.Mapping(
		oas.String("overlay"), oas.String("1.1.0"),
		oas.String("info"), oas.Mapping(oas.String("title"), oas.String("Corrections by recordings"), oas.String("version"), oas.String("1.0.0")),
		oas.String("actions"), actions)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, nil, err
	}
	return out.Bytes(), left, enc.Close()
}

// reason describes the recorded difference, without the recorded value.
func reason(f Finding) string {
	rule := string(f.Rule)
	if f.Keyword != "" {
		rule += "/" + f.Keyword
	}
	where := strings.TrimSpace(f.Operation + " " + strconv.Itoa(f.Status) + " " + generalize(f.Pointer) + f.Name)
	return fmt.Sprintf("Recorded %s, %s: %s (%s)", phrase.Count(f.Count, "time"), where, f.Message, rule)
}

// proposal creates the actions of an overlay for one finding.
type proposal struct {
	Finding
	contract *contract.Contract
}

func newProposal(c *contract.Contract, f Finding) *proposal {
	return &proposal{Finding: f, contract: c}
}

// actions returns nil if no correction of the contract makes the finding valid.
func (p *proposal) actions() []*oas.Node {
	switch p.Rule {
	case UndeclaredStatus:
		return p.status()
	case UndeclaredField:
		return p.field()
	case UndeclaredQuery:
		return p.update(p.parent(), "parameters", oas.Sequence(oas.Mapping(
			oas.String("name"), oas.String(p.Name), oas.String("in"), oas.String("query"), oas.String("schema"), typed("string", p.contract.Is31(p.Spec.File)))))
	case BadParameter, BadHeader:
		if p.Keyword == "required" {
			return p.update(p.Spec.Pointer, "required", boolean("false"))
		}
		if p.Keyword == "type" && !strings.HasSuffix(p.Spec.Pointer, "/type") {
			return p.update(oas.Join(p.Spec.Pointer, "schema"), "type", oas.String("string")) // the value could not be read
		}
		return p.keyword()
	case BadSchema, BadRequestBody:
		return p.keyword()
	default: // no change of a contract makes these valid
		return nil
	}
}

// removable are the keywords whose removal makes a schema less strict.
var removable = map[string]bool{
	"format": true, "pattern": true, "minLength": true, "maxLength": true, "minimum": true, "maximum": true, "exclusiveMinimum": true,
	"exclusiveMaximum": true, "multipleOf": true, "minItems": true, "maxItems": true, "uniqueItems": true, "minProperties": true,
	"maxProperties": true, "readOnly": true, "writeOnly": true, "not": true,
}

// keyword corrects the violated keyword of a schema.
func (p *proposal) keyword() []*oas.Node {
	if !strings.HasSuffix(p.Spec.Pointer, "/"+p.Keyword) {
		return nil // the location of the keyword is unknown
	}
	switch {
	case removable[p.Keyword]:
		return p.remove(p.Spec.Pointer)
	case p.Keyword == "nullable", p.Keyword == "type" && p.valueType == "null":
		return p.allowNull()
	case p.Keyword == "type":
		return p.allowType()
	case p.Keyword == "enum":
		return p.listValue()
	case p.Keyword == "discriminator" && p.hasName():
		return p.mapToBranch()
	case p.Keyword == "required":
		return p.makeOptional()
	case p.Keyword == "oneOf":
		return p.anyBranch()
	case p.Keyword == "additionalProperties":
		return append(p.remove(p.Spec.Pointer), p.field()...)
	}
	return nil
}

// hasName reports whether the recorded value is a complete string that the overlay may
// contain, such as a value of an enum.
func (p *proposal) hasName() bool {
	return p.valueType == "string" && !strings.HasSuffix(p.Actual, "…") && p.Actual != secrets.Redacted
}

// mapToBranch maps the recorded value of a discriminator to the first branch that the rest
// of the object matches. It proposes nothing if no branch matches, or if the contract has no
// mapping: a mapping of one value would exclude the names of the branches.
func (p *proposal) mapToBranch() []*oas.Node {
	if p.branch == "" || p.contract.Node(p.Spec.File, oas.Join(p.Spec.Pointer, "mapping")) == nil {
		return nil
	}
	return p.update(p.Spec.Pointer, "mapping", oas.Mapping(quoted(p.Actual), oas.String("#"+p.branch)))
}

// listValue adds the recorded value to an enumeration if it is null or a name.
func (p *proposal) listValue() []*oas.Node {
	switch {
	case p.valueType == "null":
		return p.update(p.parent(), "enum", oas.Sequence(null()))
	case p.hasName():
		return p.update(p.parent(), "enum", oas.Sequence(quoted(p.Actual)))
	}
	return nil
}

// hasEnum reports whether the schema has an enumeration in addition to the finding's keyword.
func (p *proposal) hasEnum() bool {
	return p.contract.Node(p.Spec.File, oas.Join(p.parent(), "enum")) != nil
}

// allowNull allows null. In OpenAPI 3.1, an enumeration must list it.
func (p *proposal) allowNull() []*oas.Node {
	if !p.contract.Is31(p.Spec.File) {
		return p.update(p.parent(), "nullable", boolean("true"))
	}
	actions := p.addType()
	if p.hasEnum() {
		actions = append(actions, p.listValue()...)
	}
	return actions
}

// allowType adds the recorded type. It proposes nothing if the schema has an enumeration,
// which would still exclude the value.
func (p *proposal) allowType() []*oas.Node {
	if p.hasEnum() {
		return nil
	}
	return p.addType()
}

// addType adds the recorded type. OpenAPI 3.0 has no list of types, so there any type is
// allowed.
func (p *proposal) addType() []*oas.Node {
	at := oas.Join(p.parent(), "type")
	declared := p.contract.Node(p.Spec.File, at)
	if declared == nil || p.valueType == "" {
		return nil
	}
	if !p.contract.Is31(p.Spec.File) {
		return p.remove(at)
	}
	types := oas.Sequence()
	for _, name := range append(oas.Texts(declared), oas.Text(declared), p.valueType) {
		if name != "" {
			types.Content = append(types.Content, oas.String(name))
		}
	}
	return append(p.remove(at), p.update(p.parent(), "type", types)...)
}

// optional removes a name from a list of required ones.
func (p *proposal) makeOptional() []*oas.Node {
	for _, name := range oas.Texts(p.contract.Node(p.Spec.File, p.Spec.Pointer)) {
		if name == p.Expected {
			return []*oas.Node{removal(p.path(p.Spec.Pointer) + "[?@ == " + quotedPath(name) + "]")}
		}
	}
	return nil
}

// anyBranch lets a value match several branches of a union.
func (p *proposal) anyBranch() []*oas.Node {
	branches := p.contract.Node(p.Spec.File, p.Spec.Pointer)
	if !oas.IsSequence(branches) {
		return nil
	}
	return append(p.update(p.parent(), "anyOf", oas.Clone(branches)), p.remove(p.Spec.Pointer)...)
}

// field declares a field with the recorded type.
func (p *proposal) field() []*oas.Node {
	steps := oas.Split(p.Pointer)
	if len(steps) == 0 || p.valueType == "" {
		return nil
	}
	return p.update(p.parent(), "properties", oas.Mapping(oas.String(steps[len(steps)-1]), typed(p.valueType, p.contract.Is31(p.Spec.File))))
}

// declareMediaType adds the recorded media type, with any body, to a response without media
// types.
func (p *proposal) declareMediaType(response *oas.Node) {
	if p.MediaType == "" {
		return
	}
	content := oas.Get(response, "content")
	if content == nil {
		content = oas.Mapping()
		oas.Set(response, "content", content)
	}
	if oas.Get(content, p.MediaType) == nil {
		oas.Set(content, p.MediaType, oas.Mapping())
	}
}

// status declares a status with the response of the first declared status of its kind:
// success or client error.
func (p *proposal) status() []*oas.Node {
	declared := p.contract.Node(p.Spec.File, p.Spec.Pointer)
	response := oas.Mapping()
	for status, n := range oas.Pairs(declared) {
		if strings.HasPrefix(status, "2") && p.Status < 400 || strings.HasPrefix(status, "4") && p.Status >= 400 {
			response = oas.Clone(n)
			break
		}
	}
	if oas.Ref(response) == "" {
		oas.Set(response, "description", oas.String("recorded"))
		p.declareMediaType(response)
	}
	return p.update(strings.TrimSuffix(p.Spec.Pointer, "/responses"), "responses", oas.Mapping(quoted(strconv.Itoa(p.Status)), response))
}
