package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// ParseTarget reads a target from the JSON of a bucket, as in a create request or an Atlas
// response. It may contain fields that only responses have. The result is checked as by
// [Client.Create]: an error that is not about JSON is an [*ArgumentError]. A field that the
// provider does not have is an error, because it is probably misspelled, and so is a field
// that occurs twice. An object of an unknown provider becomes an [Unknown].
//
//	{"cloudProvider": "AWS", "bucketName": "snapshots", "iamRoleId": "c0fa4ea71a50000000000001"}
func ParseTarget(data []byte) (Target, error) {
	target, err := readTarget(data)
	if err != nil {
		return nil, fmt.Errorf("exportbuckets: reading a target: %w", err)
	}
	var args checks
	args.target(target)
	if err := args.err(); err != nil {
		return nil, err
	}
	return target, nil
}

// readTarget reads a target and checks its JSON, but not the values of its fields.
func readTarget(data []byte) (Target, error) {
	members, err := readMembers(data)
	if err != nil {
		return nil, err
	}
	provider, err := readProvider(members)
	if err != nil {
		return nil, err
	}
	if err := checkMembers(provider, members); err != nil {
		return nil, err
	}
	target, err := decodeTarget(provider, data)
	if err != nil {
		return nil, typeProblem(err)
	}
	return target, nil
}

// readMembers returns the members of a JSON object. encoding/json would replace bytes that
// are not UTF-8, and would use the last of two members with one name.
func readMembers(data []byte) (map[string]json.RawMessage, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\ufeff")):
		return nil, errors.New("the text begins with a byte order mark: save it as UTF-8 without one")
	case !utf8.Valid(data):
		return nil, errors.New("the text is not UTF-8")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, typeProblem(err)
	}
	if members == nil {
		return nil, errors.New("the target must be an object; got null")
	}
	return members, checkRepeated(data)
}

// checkRepeated returns an error if two members of a valid JSON object have one name.
func checkRepeated(object []byte) error {
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		return err
	}
	seen := map[json.Token]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if seen[name] {
			return fmt.Errorf("the field %s occurs more than once", name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
	}
	return nil
}

// readProvider returns the provider of a target. Another spelling of a known provider is an
// error rather than an unknown provider.
func readProvider(members map[string]json.RawMessage) (CloudProvider, error) {
	name := bucketFields[fieldCloudProvider]
	var provider CloudProvider
	if raw, ok := members[name]; ok && json.Unmarshal(raw, &provider) != nil {
		return "", fmt.Errorf("%s must be a string", name)
	}
	if provider == "" {
		return "", fmt.Errorf("%s is missing: add it, such as %q", name, ProviderAWS)
	}
	for known := range providerFields {
		if provider != known && strings.EqualFold(string(provider), string(known)) {
			return "", fmt.Errorf("%s is %q: it must be %q", name, provider, known)
		}
	}
	return provider, nil
}

// providerFields are the fields of a known provider's bucket, in addition to those of every
// bucket.
var providerFields = map[CloudProvider][]int{
	ProviderAWS:   {fieldIAMRoleID, fieldRegion, fieldPrivate},
	ProviderAzure: {fieldRoleID, fieldServiceURL, fieldTenantID},
	ProviderGCP:   {fieldRoleID},
}

// checkMembers reports a member that the provider's bucket does not have.
func checkMembers(provider CloudProvider, members map[string]json.RawMessage) error {
	own, known := providerFields[provider]
	if !known {
		return nil
	}
	var allowed []string
	others := maps.Clone(members)
	for _, field := range append([]int{fieldID, fieldBucketName, fieldCloudProvider, fieldProjectID, fieldLinks}, own...) {
		allowed = append(allowed, bucketFields[field])
		delete(others, bucketFields[field])
	}
	if len(others) > 0 {
		return fmt.Errorf("a bucket on %s has no field %s; its fields are %s",
			provider, strings.Join(slices.Sorted(maps.Keys(others)), ", "), strings.Join(allowed, ", "))
	}
	return nil
}

// typeProblem describes a value of the wrong type by its field instead of by the Go types.
func typeProblem(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	kinds := map[reflect.Kind]string{reflect.String: "a string", reflect.Bool: "true or false", reflect.Slice: "an array"}
	want := cmp.Or(kinds[wrong.Type.Kind()], "an object")
	return fmt.Errorf("%s must be %s; got %s", cmp.Or(wrong.Field, "the target"), want, wrong.Value)
}
