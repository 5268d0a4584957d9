package scrub

// A fieldRule scrubs the text of a field.
type fieldRule func(s *Scrubber, value string) string

// fieldRules are the rules for the text fields of the contract, by name. The text of a
// field that is not here is redacted, except for ids, which are mapped.
var fieldRules map[string]fieldRule

// It is set in init because the rules for prose need the names of the fields.
func init() {
	fieldRules = map[string]fieldRule{
		"_id":            id(bucketID),
		"id":             id(bucketID),
		"exportBucketId": id(bucketID),
		"groupId":        id(projectID),
		"projectId":      id(projectID),
		"iamRoleId":      id(roleID),
		"roleId":         id(roleID),
		"tenantId":       (*Scrubber).uuid,
		"bucketName":     (*Scrubber).name,
		"serviceUrl":     (*Scrubber).serviceURL,
		"href":           (*Scrubber).URL,
		"cloudProvider":  shaped(`^[A-Za-z]{2,12}$`),
		"region":         shaped(`^(?:[a-z]{2}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}|[A-Z]{2,12}(?:_[A-Z0-9]{1,12}){1,4})$`),
		"rel":            shaped(`^[a-z]{1,16}$`),
		"errorCode":      shaped(codeShape.String()),
		"reason":         (*Scrubber).Text,
		"detail":         (*Scrubber).Text,
		"description":    (*Scrubber).Text,
		"parameters":     (*Scrubber).Text,
		"field":          (*Scrubber).Text,
	}
}

// structure are the contract's fields that are neither texts nor plain words. Prose may
// contain them.
var structure = map[string]bool{"badRequestDetail": true, "requirePrivateNetworking": true, "totalCount": true}

func id(kind string) fieldRule {
	return func(s *Scrubber, value string) string { return s.id(kind, value) }
}

// shaped returns a rule that keeps values with the shape and redacts all others.
func shaped(shape string) fieldRule {
	re := newPattern(shape)
	return func(s *Scrubber, value string) string {
		if re.MatchString(value) {
			return value
		}
		return s.opaque(value)
	}
}

// keyShape matches the names of fields that are kept: those of the contract, and undeclared
// ones, so that verification still reports them.
var keyShape = newPattern(`^_?[a-z]{1,20}(?:[A-Z][a-z]{1,19}){0,5}$`)

// key scrubs the name of a field.
func (s *Scrubber) key(name string) string {
	if _, declared := s.vocabulary.field(name); declared || keyShape.MatchString(name) {
		return name
	}
	if name == "" || idShape.MatchString(name) || uuidShape.MatchString(name) {
		return s.opaque(name)
	}
	// The number keeps the names of different fields different.
	return s.placeholders.get("key", name, "key", Redacted+"%d")
}

// value scrubs the text of a field.
func (s *Scrubber) value(field, value string) string {
	if declared, ok := s.vocabulary.field(field); ok {
		if kept, stays := declared.scrub(value); stays {
			return s.out(kept)
		}
	}
	if rule, ok := fieldRules[field]; ok {
		return s.out(rule(s, value))
	}
	return s.out(s.opaque(value))
}
