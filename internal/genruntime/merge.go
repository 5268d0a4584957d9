package genruntime

import (
	"encoding/json"
	"errors"
)

// JSONMerge applies patch to data as a JSON merge patch (RFC 7396): members of patch
// replace those of data, objects are merged, null removes. Data that is empty is an
// empty object. Members come out in the order of their names. Both must be JSON.
func JSONMerge(data, patch json.RawMessage) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(patch, &members); err != nil {
		if isNoObject(err) {
			return patch, nil
		}
		return nil, err
	}
	if members == nil { // null
		return patch, nil
	}
	merged, err := object(data)
	if err != nil {
		return nil, err
	}
	for name, value := range members {
		if string(value) == "null" {
			delete(merged, name)
			continue
		}
		if merged[name], err = JSONMerge(merged[name], value); err != nil {
			return nil, err
		}
	}
	return json.Marshal(merged)
}

// object gives the members of data; what is no object has none.
func object(data json.RawMessage) (map[string]json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	if len(data) == 0 {
		return members, nil
	}
	if err := json.Unmarshal(data, &members); err != nil {
		if !isNoObject(err) {
			return nil, err
		}
	}
	if members == nil {
		members = map[string]json.RawMessage{}
	}
	return members, nil
}

// isNoObject tells JSON of another type from what is no JSON.
func isNoObject(err error) bool {
	var wrongType *json.UnmarshalTypeError
	return errors.As(err, &wrongType)
}
