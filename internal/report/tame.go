package report

import (
	"reflect"
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// Bounds on what one string of the model may take in a report, in runes. A
// field's own bound stands in its "max" tag.
const (
	maxText  = 1000
	maxValue = 240
)

// tame copies the report with every string cut to its bound and made visible,
// and every fault moved along. Writers see nothing else, so that none of them
// has to think of control characters, broken UTF-8 or megabytes of text.
func tame(r *Report) *Report {
	plain := *r
	plain.Document = nil
	out := reflect.New(reflect.TypeFor[Report]())
	tameInto(out.Elem(), reflect.ValueOf(plain), maxText)
	return out.Interface().(*Report)
}

// tameInto fills dst with a deep copy of src.
func tameInto(dst, src reflect.Value, limit int) {
	switch src.Kind() {
	case reflect.String:
		dst.SetString(termtext.Visible(abridge(src.String(), limit)))
	case reflect.Slice:
		for i := range src.Len() {
			elem := reflect.New(src.Type().Elem()).Elem()
			tameInto(elem, src.Index(i), limit)
			dst.Set(reflect.Append(dst, elem))
		}
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			tameInto(dst.Elem(), src.Elem(), limit)
		}
	case reflect.Struct:
		tameStruct(dst, src)
	default:
		dst.Set(src)
	}
}

func tameStruct(dst, src reflect.Value) {
	for i := range src.NumField() {
		limit, err := strconv.Atoi(src.Type().Field(i).Tag.Get("max"))
		if err != nil {
			limit = maxText
		}
		tameInto(dst.Field(i), src.Field(i), limit)
	}
	if item, ok := dst.Addr().Interface().(*Item); ok {
		was := src.Interface().(Item)
		item.Actual, item.Fault = tameFault(was.Actual, was.Fault)
	}
}

// tameFault cuts a value to a window around its fault and makes it visible.
func tameFault(value string, fault Span) (string, Span) {
	value, fault = Cut(value, fault, maxValue)
	before, marked := termtext.Visible(value[:fault.Start]), termtext.Visible(value[fault.Start:fault.End])
	out := before + marked + termtext.Visible(value[fault.End:])
	return out, Span{len(before), len(before) + len(marked)}
}

// printable tells whether a terminal, a page or a log shows r as a character and
// does nothing else with it.
func printable(r rune) bool { return strconv.IsPrint(r) }
