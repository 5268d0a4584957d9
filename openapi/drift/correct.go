package drift

import (
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
)

// corrections applies the contract's corrections to operations of other documents. It walks
// the contract's operation and the other one in parallel. If a correction decides a place,
// the contract's value replaces the other value there. Therefore places are found
// regardless of component names and notation.
type corrections struct {
	contract *contract
	readers  map[*oas.Document]*oas.Reader
	// decided contains the corrections by the place that they decide.
	decided map[string]pipeline.Decision
	// needed contains the ids of the corrections that changed the upstream document.
	needed map[string]bool
	// upstream is true while the upstream document is being corrected.
	upstream bool
	seen     map[[2]*oas.Schema]bool
}

func newCorrections(k *contract) (*corrections, error) {
	decided, err := pipeline.Decided()
	return &corrections{
		contract: k, readers: make(map[*oas.Document]*oas.Reader), decided: decided,
		needed: make(map[string]bool), seen: make(map[[2]*oas.Schema]bool),
	}, err
}

// correct corrects both sides of each pair that the contract has, unless a side is the
// contract itself.
func (c *comparison) correct(pairs []pair) error {
	for _, p := range pairs {
		if err := c.budget.Work(1); err != nil {
			return err
		}
		model, known := c.contract.model(p.key, p.revision.Version)
		if !known {
			continue
		}
		if !c.base.embedded {
			c.corrections.upstream = false
			if err := c.corrections.operation(model, p.base); err != nil {
				return err
			}
		}
		c.corrections.upstream = true
		if err := c.corrections.operation(model, p.revision); err != nil {
			return err
		}
	}
	return nil
}

// decides reports whether a correction decides a place, and whether the value there is the
// wrong value that the correction replaces. It records that the correction is needed. The
// value "null" means that there is no value.
func (c *corrections) decides(place, value string) bool {
	decision, decided := c.decided[place]
	if !decided || decision.Wrong != value {
		return false
	}
	if c.upstream {
		c.needed[decision.ID] = true
	}
	return true
}

// notNeeded returns the reasons of the corrections that did not change the upstream document,
// by id. If an id has several reasons, it returns the first in alphabetical order, so that
// every run has the same result.
func (c *corrections) notNeeded() map[string]string {
	out := make(map[string]string)
	for _, decision := range c.decided {
		if reason, known := out[decision.ID]; !c.needed[decision.ID] && (!known || decision.Reason < reason) {
			out[decision.ID] = decision.Reason
		}
	}
	return out
}

func (c *corrections) operation(from versionedOperation, own *oas.Effective) error {
	doc := from.Document()
	if c.readers[doc] == nil {
		c.readers[doc] = doc.Reader()
	}
	model, err := c.readers[doc].Messages(from.Operation, from.version)
	if err != nil {
		return err
	}
	at := model.Pointer()
	for key, p := range model.Parameters {
		if other := own.Parameters[key]; other != nil {
			c.schema(p.Schema, other.Schema)
		} else if c.decides(oas.Join(at, "parameters", key), "null") {
			own.Parameters[key] = p
		}
	}
	if model.Body != nil && own.Body != nil {
		c.media(model.Body.Media, own.Body.Media)
	}
	for status, response := range model.Responses {
		place := oas.Join(at, "responses", status)
		switch other := own.Responses[status]; {
		case other == nil && c.decides(place, "null"):
			own.Responses[status] = response
		case other != nil:
			c.response(place, status, response, other)
		}
	}
	return nil
}

func (c *corrections) response(place, status string, model, own *oas.Response) {
	if oas.HasNoBody(status) && own.Ignored {
		c.decides(place+"/content", "null")
	}
	c.media(model.Media, own.Media)
	for name, header := range model.Headers {
		if other := own.Headers[name]; other != nil {
			c.schema(header.Schema, other.Schema)
		}
	}
}

func (c *corrections) media(model, own map[string]*oas.Media) {
	for name, media := range model {
		if other := own[name]; other != nil {
			c.schema(media.Schema, other.Schema)
		}
	}
}

// schema corrects own, which is at the same place as the contract's schema model.
func (c *corrections) schema(model, own *oas.Schema) {
	if model == nil || own == nil || c.seen[[2]*oas.Schema{model, own}] {
		return
	}
	c.seen[[2]*oas.Schema{model, own}] = true
	for name, p := range model.Properties {
		if other := own.Properties[name]; other != nil {
			c.schema(p.Schema, other.Schema)
		}
	}
	c.schema(model.Items, own.Items)
	c.schema(model.Additional, own.Additional)
	if model.Union != nil && own.Union != nil {
		for _, branch := range model.Union.Branches {
			for _, other := range own.Union.Branches {
				if branch.Value == other.Value && branch.Value != "" {
					c.schema(branch.Schema, other.Schema)
				}
			}
		}
	}
	c.keywords(model, own)
}

// keywords replaces the keywords of the schema itself that corrections decide.
func (c *corrections) keywords(model, own *oas.Schema) {
	at := model.At.Pointer
	if own.Nullable != model.Nullable && c.decides(at+"/nullable", strconv.FormatBool(own.Nullable)) {
		own.Nullable = model.Nullable
	}
	if decision, decided := c.decided[at+"/items"]; decided && c.sameAs(own.Items, decision.Wrong) {
		c.decides(at+"/items", decision.Wrong)
		own.Items = model.Items
	}
	for name := range own.Required {
		if _, required := model.Required[name]; !required && c.decides(oas.Join(at, "required", name), "true") {
			delete(own.Required, name)
		}
	}
}

// sameAs reports whether a schema has the same requirements as a schema in JSON text.
func (c *corrections) sameAs(own *oas.Schema, text string) bool {
	wrong, err := oas.ReadSchema(text)
	return err == nil && new(oas.Sameness).Of(own, wrong)
}
