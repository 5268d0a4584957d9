package genruntime

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
)

// ParamLocation says where in a request a parameter stands.
type ParamLocation int

// The places that the contract has parameters in.
const (
	ParamLocationPath ParamLocation = iota + 1
	ParamLocationQuery
)

// StyleParamOptions says where a parameter stands. Type and Format are the
// specification's words for its value; one value is written the same in all of them.
type StyleParamOptions struct {
	ParamLocation ParamLocation
	Type, Format  string
}

// StyleParamWithOptions writes one parameter, escaped: a path's as its value
// (style simple), a query's as name=value (style form). A value that is no string,
// integer, float or boolean is an error, and so is another style.
func StyleParamWithOptions(style string, _ bool, name string, value any, o StyleParamOptions) (string, error) {
	text, err := scalar(value)
	if err != nil {
		return "", fmt.Errorf("parameter %s: %w", name, err)
	}
	switch {
	case style == "simple" && o.ParamLocation == ParamLocationPath:
		return url.PathEscape(text), nil
	case style == "form" && o.ParamLocation == ParamLocationQuery:
		return url.QueryEscape(name) + "=" + url.QueryEscape(text), nil
	}
	return "", fmt.Errorf("parameter %s: style %q is not written here", name, style)
}

func scalar(value any) (string, error) {
	v := reflect.ValueOf(value)
	switch {
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits()), nil
	}
	return "", fmt.Errorf("a value of type %T is no string, number or boolean", value)
}
