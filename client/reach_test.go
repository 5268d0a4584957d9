package client_test

import (
	"reflect"
)

// reachable returns every text that reflection finds in a value, in unexported fields too,
// as a debugger or go-spew does. It cannot reach the variables that a function has
// captured.
func reachable(v any) []string {
	r := reacher{seen: map[pointer]bool{}}
	r.walk(reflect.ValueOf(v))
	return r.texts
}

// pointer is a place in memory and a type, because a value and its first field have the
// same place.
type pointer struct {
	address uintptr
	typ     reflect.Type
}

type reacher struct {
	seen  map[pointer]bool
	texts []string
}

func (r *reacher) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		r.texts = append(r.texts, v.String())
	case reflect.Pointer:
		if at := (pointer{v.Pointer(), v.Type()}); !v.IsNil() && !r.seen[at] {
			r.seen[at] = true
			r.walk(v.Elem())
		}
	case reflect.Interface:
		r.walk(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			r.walk(v.Field(i))
		}
	case reflect.Map:
		for each := v.MapRange(); each.Next(); {
			r.walk(each.Key())
			r.walk(each.Value())
		}
	case reflect.Slice, reflect.Array:
		r.walkList(v)
	default: // numbers, channels and functions contain no text
	}
}

func (r *reacher) walkList(v reflect.Value) {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		r.texts = append(r.texts, string(v.Bytes()))
		return
	}
	for i := range v.Len() {
		r.walk(v.Index(i))
	}
}
