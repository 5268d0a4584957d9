package report

import (
	"reflect"
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// maxText bounds one string of the model in a report, in runes. A field may set its own bound
// in a "max" tag.
const maxText = 1000

// sanitize returns a copy of the report in which every string is shortened to its bound and
// made visible. Writers see only this copy, so they need not handle control characters,
// invalid UTF-8 or megabytes of text.
func sanitize(r *Report) *Report {
	plain := *r
	plain.Document = nil
	out := reflect.New(reflect.TypeFor[Report]())
	sanitizeInto(out.Elem(), reflect.ValueOf(plain), maxText)
	return out.Interface().(*Report)
}

// sanitizeInto fills dst with a deep copy of src.
func sanitizeInto(dst, src reflect.Value, limit int) {
	switch src.Kind() {
	case reflect.String:
		dst.SetString(termtext.Visible(abridge(src.String(), limit)))
	case reflect.Slice:
		for i := range src.Len() {
			elem := reflect.New(src.Type().Elem()).Elem()
			sanitizeInto(elem, src.Index(i), limit)
			dst.Set(reflect.Append(dst, elem))
		}
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			sanitizeInto(dst.Elem(), src.Elem(), limit)
		}
	case reflect.Struct:
		sanitizeStruct(dst, src)
	default:
		dst.Set(src)
	}
}

func sanitizeStruct(dst, src reflect.Value) {
	for i := range src.NumField() {
		limit, err := strconv.Atoi(src.Type().Field(i).Tag.Get("max"))
		if err != nil {
			limit = maxText
		}
		sanitizeInto(dst.Field(i), src.Field(i), limit)
	}
}

// printable reports whether a terminal, a page or a log displays r and does not interpret
// it.
func printable(r rune) bool { return strconv.IsPrint(r) }
